-- Experiments: which variants are shown to whom, and what came of it. Who sees what is computed from the salt and never looked up; what is kept of a
-- unit is what its counts need to be right once.

-- Parts are percent of the area's units: experiments that run in one area at a time do not overlap. Variants: [{name, weight, settings}]; the first is
-- the control. Guardrails: [{metric, max_drop}]. min_effect is the relative difference worth finding.
-- @table experiments reference
create table experiments (
  id {uuid} not null primary key,
  name {text} not null,
  area {text} not null,
  metric {text} not null,
  variants {json} not null,
  guardrails {json} not null,
  min_effect double precision not null,
  from_percent integer not null,
  until_percent integer not null,
  salt {text} not null,
  state {text} not null,
  winner {text},
  created_at {time} not null,
  started_at {time},
  stopped_at {time},
  decided_at {time}
);
create index experiments_area on experiments (area, state);

-- Covariate: what was known of the unit before it was first shown a variant.
-- @table experiment_units by_subject
create table experiment_units (
  subject_id {uuid} not null,
  experiment_id {uuid} not null,
  variant integer not null,
  covariate double precision not null,
  first_seen_at {time} not null,
  last_day {day} not null,
  clicks {long} not null,
  conversions {long} not null,
  revenue_minor {long} not null,
  primary key (subject_id, experiment_id)
) {clustered};

-- What was counted, so that it is counted once.
-- @table experiment_outcomes by_subject
create table experiment_outcomes (
  subject_id {uuid} not null,
  experiment_id {uuid} not null,
  metric {text} not null,
  outcome_id {uuid} not null,
  primary key (subject_id, experiment_id, metric, outcome_id)
) {clustered};

-- What each day (UTC) added to the sums over units: summed over days they are those of all units. clicked and converted count units, not events.
-- @table experiment_days by_own_hash
create table experiment_days (
  experiment_id {uuid} not null,
  day {day} not null,
  variant integer not null,
  units {long} not null,
  exposures {long} not null,
  clicked {long} not null,
  converted {long} not null,
  revenue_minor {long} not null,
  revenue_squares double precision not null,
  covariate double precision not null,
  covariate_squares double precision not null,
  products double precision not null,
  primary key (experiment_id, day, variant)
) {clustered};
