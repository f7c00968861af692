-- Segments: what is known of each subject, packed so that a rule can be asked of everybody in seconds; the rules; who belongs.

-- Numbers for the words of packed histories; a word keeps its number for ever.
-- @table segments_words reference
create table segments_words (
  code integer not null primary key,
  word {text} not null
);
create unique index segments_words_word on segments_words (word);

-- Numbers for the imports that packed histories name. undone_at: it was taken back, and what is still on its way counts for nothing;
-- cleared_at: no history names it any more.
-- @table segments_imports reference
create table segments_imports (
  code integer not null primary key,
  import_id {uuid} not null,
  undone_at {time},
  cleared_at {time}
);
create unique index segments_imports_import on segments_imports (import_id);

-- Counters, each a row whose lock orders those who count: words and imports are the highest numbers given; definitions grows with each change of a
-- segment. Who tells facts shares the lock of definitions, who changes a segment takes it alone: so each fact is judged by every segment that stood before it.
-- @table segments_counters local
create table segments_counters (
  name {text} not null primary key,
  value {long} not null
);
insert into segments_counters (name, value) values ('words', 0);
insert into segments_counters (name, value) values ('imports', 0);
insert into segments_counters (name, value) values ('definitions', 0);

-- All facts of a subject (see PackedHistory). customer_id is whom the subject belongs to. revised, of the row of the customer's own id, grows
-- with every change of any of the customer's subjects, and its lock is the customer's.
-- @table segments_histories by_subject
create table segments_histories (
  subject_id {uuid} not null primary key,
  customer_id {uuid} not null,
  revised {long} not null,
  facts {bytes} not null
);
create index segments_histories_merged on segments_histories (customer_id) where customer_id <> subject_id;
-- @postgres
-- As they are: compressing takes longer than it saves, and most are too small for it.
alter table segments_histories alter column facts set storage external;
alter table segments_histories alter column facts set statistics 0;
-- @end

-- Since when a subject belongs to another customer than before; a subject without a row is its own. What is asked of a past moment is asked of
-- the subjects that were the customer's then.
-- @table segments_moves by_subject
create table segments_moves (
  subject_id {uuid} not null,
  moved_at {time} not null,
  customer_id {uuid} not null,
  primary key (subject_id, moved_at)
) {clustered};
create index segments_moves_customer on segments_moves (customer_id);

-- version: of the rule in force. state: live; filling (everybody is being asked); archived.
-- fill: grows whenever everybody is to be asked anew, so that who asks sees that it has to begin again. asked: how many could have belonged when everybody was asked last.
-- @table segments_segments reference
create table segments_segments (
  segment_id {uuid} not null primary key,
  name {text} not null,
  description {text} not null,
  state {text} not null,
  version integer not null,
  visitors {bool} not null,
  made_at {time} not null,
  made_by {text} not null,
  fill integer not null,
  filled_at {time},
  asked {long}
);
create unique index segments_segments_name on segments_segments (name);

-- Every rule that a segment ever had, and from when.
-- @table segments_versions reference
create table segments_versions (
  segment_id {uuid} not null,
  version integer not null,
  rule {json} not null,
  made_at {time} not null,
  made_by {text} not null,
  primary key (segment_id, version)
);

-- Who belongs now. subject_id is the customer's own id.
-- @table segments_members by_subject
create table segments_members (
  subject_id {uuid} not null,
  segment_id {uuid} not null,
  entered_at {time} not null,
  primary key (subject_id, segment_id)
) {clustered};
create index segments_members_segment on segments_members (segment_id, entered_at, subject_id);

-- Who belonged, and from when until when. why they left: fact, time, rule, merge.
-- @table segments_stays by_subject
create table segments_stays (
  subject_id {uuid} not null,
  segment_id {uuid} not null,
  entered_at {time} not null,
  left_at {time} not null,
  why {text} not null,
  primary key (subject_id, segment_id, entered_at)
) {clustered};
create index segments_stays_segment on segments_stays (segment_id, left_at);

-- When time alone may change what somebody belongs to, the earliest over all segments.
-- @table segments_due by_subject
create table segments_due (
  subject_id {uuid} not null primary key,
  due_at {time} not null
) {clustered};
create index segments_due_due on segments_due (due_at);

-- How many belonged at the end of a day.
-- @table segments_sizes reference
create table segments_sizes (
  segment_id {uuid} not null,
  day {day} not null,
  size {long} not null,
  primary key (segment_id, day)
);
