-- Computed traits: named formulas over histories, worked out whenever they are asked for. Scores: recency, frequency, monetary, and the stage of the lifecycle.

-- version: of the formula in force.
-- @table segments_traits reference
create table segments_traits (
  trait_id {uuid} not null primary key,
  name {text} not null,
  description {text} not null,
  archived {bool} not null,
  version integer not null,
  made_at {time} not null,
  made_by {text} not null
);
create unique index segments_traits_name on segments_traits (name);

-- Every formula that a trait ever had, and from when.
-- @table segments_trait_versions reference
create table segments_trait_versions (
  trait_id {uuid} not null,
  version integer not null,
  formula {json} not null,
  made_at {time} not null,
  made_by {text} not null,
  primary key (trait_id, version)
);

-- What the last scoring found of each customer, for lists and figures; rules ask the traits that are noted in the histories. subject_id is the customer's own id.
-- rhythm_days: the time that usually passes until the next order. spent: minor units of the shop's currency. cell: ten times the score of recency and that of
-- frequency and monetary together. Of who never ordered there is a stage alone.
-- @table segments_scores by_subject
create table segments_scores (
  subject_id {uuid} not null primary key,
  stage {text} not null,
  orders integer not null,
  last_order_at {time},
  rhythm_days double precision,
  spent {long} not null,
  recency integer,
  frequency integer,
  monetary integer,
  cell integer
) {clustered};
create index segments_scores_stage on segments_scores (stage, spent, subject_id);
create index segments_scores_cell on segments_scores (cell, spent, subject_id);

-- What the last scoring counted, as JSON, and when; one row. asked_at: somebody wants it now. begun_at: somebody is at it.
-- @table segments_scorings reference
create table segments_scorings (
  id integer not null primary key,
  asked_at {time},
  begun_at {time},
  finished_at {time},
  figures {json}
);
insert into segments_scorings (id) values (1);

-- How many customers were in each stage when they were scored last on a day.
-- @table segments_stages reference
create table segments_stages (
  day {day} not null,
  stage {text} not null,
  customers {long} not null,
  primary key (day, stage)
);
