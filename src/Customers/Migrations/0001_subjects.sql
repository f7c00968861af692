-- Subjects and what is known of them. A subject is one identity as it was first seen; it never moves. A customer is the set of subjects
-- whose links name it, and bears the id of one of them. import_id is all zeros where no import stands behind a row.

-- @table customers_subjects by_subject
create table customers_subjects (
  subject_id {uuid} not null primary key,
  first_seen_at {time} not null,
  anonymous {bool} not null,
  import_id {uuid} not null,
  erased_at {time}
) {clustered};
create index customers_subjects_import on customers_subjects (import_id, subject_id);

-- The customer of each subject. Locking the row of the customer's own id locks the customer: its links and its summary.
-- @table customers_links by_subject
create table customers_links (
  subject_id {uuid} not null primary key,
  customer_id {uuid} not null
) {clustered};
create index customers_links_customer on customers_links (customer_id);

-- Merges in force: subject_id, which led a customer of its own, follows kept_id. Each subject follows at most one other, so that taking
-- a merge back, in whatever order, cuts exactly its own part off.
-- @table customers_merges by_subject
create table customers_merges (
  subject_id {uuid} not null primary key,
  merge_id {uuid} not null,
  kept_id {uuid} not null,
  reason {text} not null,
  actor {text} not null,
  merged_at {time} not null
) {clustered};
create index customers_merges_kept on customers_merges (kept_id);

-- What was merged and un-merged by whom; never changed.
-- @table customers_merge_log by_subject
create table customers_merge_log (
  subject_id {uuid} not null,
  entry_id {uuid} not null,
  merge_id {uuid} not null,
  kept_id {uuid} not null,
  action {text} not null,
  reason {text} not null,
  actor {text} not null,
  at {time} not null,
  primary key (subject_id, entry_id)
);
create index customers_merge_log_kept on customers_merge_log (kept_id);

-- By what each source knows a subject.
-- @table customers_identities by_subject
create table customers_identities (
  subject_id {uuid} not null,
  identity_id {uuid} not null,
  kind {text} not null,
  value {bytes} not null,
  verified {bool} not null,
  import_id {uuid} not null,
  primary key (subject_id, identity_id)
);

-- What each source says about a subject: one row for every import that names it, and one for everything else. What staff or the customer
-- said goes first, then the newest import that says anything.
-- @table customers_profiles by_subject
create table customers_profiles (
  subject_id {uuid} not null,
  import_id {uuid} not null,
  said_at {time} not null,
  name {bytes},
  email {bytes},
  phone {bytes},
  country {text},
  locale {text},
  primary key (subject_id, import_id)
);
create index customers_profiles_import on customers_profiles (import_id, subject_id);

-- Orders of each subject, apart for every import and currency, so that an import can be taken back exactly.
-- @table customers_figures by_subject
create table customers_figures (
  subject_id {uuid} not null,
  import_id {uuid} not null,
  currency {text} not null,
  orders {long} not null,
  items {long} not null,
  revenue_minor {long} not null,
  cancelled_minor {long} not null,
  first_order_at {time},
  last_order_at {time},
  primary key (subject_id, import_id, currency)
);
create index customers_figures_import on customers_figures (import_id, subject_id);

-- One row for each customer, derived from the tables above; what lists show and sort by. subject_id is the customer's own id.
-- revenue is in the currency of most orders; recency is the last order in microseconds since 1970, 0 where there is none.
-- @table customers_summaries by_subject
create table customers_summaries (
  subject_id {uuid} not null primary key,
  anonymous {bool} not null,
  first_seen_at {time} not null,
  country {text},
  orders {long} not null,
  items {long} not null,
  currency {text},
  revenue_minor {long} not null,
  cancelled_minor {long} not null,
  first_order_at {time},
  last_order_at {time},
  recency {long} not null
) {clustered};
create index customers_summaries_recency on customers_summaries (anonymous, recency, subject_id);
create index customers_summaries_revenue on customers_summaries (anonymous, revenue_minor, subject_id);
create index customers_summaries_first_seen on customers_summaries (anonymous, first_seen_at, subject_id);
create index customers_summaries_country on customers_summaries (anonymous, country, recency, subject_id);

-- Imports that were taken back: events of theirs that are still on their way to a receiver count for nothing.
-- @table customers_undone_imports reference
create table customers_undone_imports (
  import_id {uuid} not null primary key,
  undone_at {time} not null
);

-- Subjects whose rows changed and whose keys, claims and search tokens have still to follow: the key store is another database, so a crash
-- may fall between.
-- @table customers_vault_pending by_subject
create table customers_vault_pending (
  subject_id {uuid} not null primary key
);
