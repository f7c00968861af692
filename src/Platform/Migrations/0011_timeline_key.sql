-- The key of the log is the order of its timelines: an index of its own for that was a second copy of the key, written for each event.
alter table log_events rename to log_events_before;
-- @postgres
alter table log_events_before drop constraint log_events_pkey;
-- @end
drop index log_events_partition;
drop index log_events_timeline;
drop index log_events_import;

-- @table log_events by_subject
create table log_events (
  subject_id {uuid} not null,
  occurred_at {time} not null,
  seq {long} not null,
  partition integer not null,
  type {text} not null,
  recorded_at {time} not null,
  live {bool} not null,
  payload {json} not null,
  import_id {uuid},
  trace {bytes},
  primary key (subject_id, occurred_at, seq)
) {clustered};
insert into log_events (subject_id, occurred_at, seq, partition, type, recorded_at, live, payload, import_id, trace)
select subject_id, occurred_at, seq, partition, type, recorded_at, live, payload, import_id, trace from log_events_before order by subject_id, occurred_at, seq;
drop table log_events_before;
create index log_events_partition on log_events (partition, seq);
create index log_events_import on log_events (import_id) where import_id is not null;
-- @postgres
-- No plan depends on what an event says, and to count its values would take most of the time of an analyze.
alter table log_events alter column payload set statistics 0;
alter table log_events alter column trace set statistics 0;
-- @end
