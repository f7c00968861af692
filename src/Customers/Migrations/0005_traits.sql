-- What the shop says of its own traits. telling: sealed, clear, month_and_day; sources: who may say it; rule: which of several statements counts.
-- revised: the state of the schema in which it last changed what is told, 0 for never.
-- @table customers_trait_definitions reference
create table customers_trait_definitions (
  name {text} not null primary key,
  label {text} not null,
  type {text} not null,
  telling {text} not null,
  sources {text} not null,
  rule {text} not null,
  archived {bool} not null,
  revised {long} not null
);

-- definitions: the state of the schema; whoever tells traits shares this row, whoever changes a definition takes it alone. told: the state by which everything
-- was told; while it is behind, subject_id is the last one of whom everything was told anew.
-- @table customers_trait_states local
create table customers_trait_states (
  name {text} not null primary key,
  value {long} not null,
  place {uuid}
);
insert into customers_trait_states (name, value) values ('definitions', 0);
insert into customers_trait_states (name, value) values ('told', 0);

-- What was said of a subject, trait by trait and source by source: a row from the first time that a value was said until the last time before another one was.
-- token: of the statement that began it, and breaks ties of times. value is sealed JSON; null where the trait was taken back. import_id is all zeros where no import says it.
-- @table customers_trait_history by_subject
create table customers_trait_history (
  subject_id {uuid} not null,
  name {text} not null,
  token {bytes} not null,
  source {text} not null,
  source_id {uuid} not null,
  import_id {uuid} not null,
  first_at {time} not null,
  last_at {time} not null,
  last_token {bytes} not null,
  value {bytes},
  primary key (subject_id, name, token)
) {clustered};
create index customers_trait_history_import on customers_trait_history (import_id, subject_id);
create index customers_trait_history_name on customers_trait_history (name, subject_id);

-- What was said so far begins the history; customers_traits keeps the fields of the profile only.
-- @sqlite
insert into customers_trait_history (subject_id, name, token, source, source_id, import_id, first_at, last_at, last_token, value)
select subject_id, name, token, case when trusted then 'shop' else 'visitor' end, zeroblob(16), zeroblob(16), said_at, said_at, token, value from customers_traits where code is null;
-- @end
-- @postgres
insert into customers_trait_history (subject_id, name, token, source, source_id, import_id, first_at, last_at, last_token, value)
select subject_id, name, token, case when trusted then 'shop' else 'visitor' end, '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', said_at, said_at, token, value
from customers_traits where code is null;
-- @end
delete from customers_traits where name not in ('name', 'email', 'phone', 'country', 'locale');
