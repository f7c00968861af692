-- Who is one person, as the shop's own sources prove it: what they said, what was made of it, and the rules for it.

-- subject_id (a browser, an address, a number of the shop's own kind) belongs to the account user_id, as a proved source said first at said_at; token, of the
-- message, breaks a tie of times. held: why it was not joined; null where it was, or where they are one customer for another reason. Every pair is kept, held or
-- not: what is joined follows from all of them and their times, in whatever order they arrive.
-- @table customers_evidence by_subject
create table customers_evidence (
  subject_id {uuid} not null,
  user_id {uuid} not null,
  kind {text} not null,
  said_at {time} not null,
  token {text} not null,
  source_id {uuid},
  held {text},
  primary key (subject_id, user_id)
) {clustered};
create index customers_evidence_user on customers_evidence (user_id);
create index customers_evidence_held on customers_evidence (held, said_at, subject_id);

-- Browsers, addresses and accounts that suddenly belong to too many: they join nobody. allowed: staff know better.
-- @table customers_shared by_subject
create table customers_shared (
  subject_id {uuid} not null primary key,
  kind {text} not null,
  found_at {time} not null,
  allowed {bool} not null
);

-- The shop's rules, one row; none where nothing was changed. blocked: the shop's own list of values that identify nobody, sealed under a key of owner_id.
-- @table customers_join_rules reference
create table customers_join_rules (
  id integer not null primary key,
  rules {json} not null,
  owner_id {uuid} not null,
  blocked {bytes}
);

-- Visitors who were joined before evidence was kept.
insert into customers_evidence (subject_id, user_id, kind, said_at, token)
  select subject_id, kept_id, 'anonymous_id', merged_at, '' from customers_merges where actor = 'collection';
