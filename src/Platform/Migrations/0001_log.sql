-- The event log: one table of events, cut into partitions by subject. A sequence number is given under the lock of its
-- partition's row, so numbers become visible in order and a reader never skips a late commit.

-- @table log_partitions local
create table log_partitions (
  partition integer not null primary key,
  head {long} not null
);

-- @table log_events by_subject
create table log_events (
  subject_id {uuid} not null,
  seq {long} not null,
  partition integer not null,
  type {text} not null,
  occurred_at {time} not null,
  recorded_at {time} not null,
  live {bool} not null,
  payload {json} not null,
  import_id {uuid},
  primary key (subject_id, seq)
) {clustered};
create index log_events_partition on log_events (partition, seq);
create index log_events_timeline on log_events (subject_id, occurred_at, seq);
create index log_events_import on log_events (import_id) where import_id is not null;

-- @table log_leases local
create table log_leases (
  partition integer not null primary key,
  node {text} not null,
  fence {long} not null,
  lease_until {time} not null
);

-- @table log_cursors local
create table log_cursors (
  receiver {text} not null,
  partition integer not null,
  seq {long} not null,
  primary key (receiver, partition)
);

-- @table log_parked by_subject
create table log_parked (
  subject_id {uuid} not null,
  receiver {text} not null,
  seq {long} not null,
  partition integer not null,
  state {text} not null,
  attempts integer not null,
  due_at {time} not null,
  reason {text},
  parked_at {time} not null,
  primary key (subject_id, receiver, seq)
);
create index log_parked_due on log_parked (state, due_at);

insert into log_partitions (partition, head)
with recursive numbers (n) as (select 0 union all select n + 1 from numbers where n < 63)
select n, 0 from numbers;

-- @table log_nodes local
create table log_nodes (
  node {text} not null primary key,
  seen_until {time} not null
);
