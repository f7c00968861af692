-- Lists: segments whose members are named, by hand, by a file, as a copy of another segment, or as the customers most like those of one.

-- kind: rule, or list (whose rule is that the histories say so). template: the key of the template that it was made from.
alter table segments_segments add column kind {text} not null default 'rule';
alter table segments_segments add column template {text};

-- Who is still to be put on a list or taken off it: a copy is taken at one moment, and written to the histories page by page.
-- source, told_by: what the histories are to say of it.
-- @table segments_waiting by_subject
create table segments_waiting (
  subject_id {uuid} not null,
  segment_id {uuid} not null,
  listed {bool} not null,
  source {text} not null,
  told_by {text} not null,
  primary key (subject_id, segment_id)
) {clustered};
create index segments_waiting_segment on segments_waiting (segment_id, subject_id);

-- Lists of those most like the members of another segment. state: waiting (to be made, or made anew), made, refused (see card). card: how it was made, and how good it is.
-- @table segments_lookalikes reference
create table segments_lookalikes (
  segment_id {uuid} not null primary key,
  seeds_id {uuid} not null,
  wanted integer not null,
  state {text} not null,
  asked_at {time} not null,
  asked_by {text} not null,
  made_at {time},
  card {json}
);
