-- What the receiver of the fault tests did, without a key that could hide a second time.
-- @table faults_effects by_subject
create table faults_effects (
  subject_id {uuid} not null,
  effect_id {uuid} not null,
  number {long} not null,
  node {text} not null,
  primary key (subject_id, effect_id)
);
