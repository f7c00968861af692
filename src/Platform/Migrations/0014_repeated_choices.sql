-- What units chose in mixed lists, and which variant gave it: each thing once a day, so that an order is put down to the last time. experiment_outcomes holds that it was chosen at all, and who was first known to have given it.
-- @table experiment_choices by_subject
create table experiment_choices (
  subject_id {uuid} not null,
  experiment_id {uuid} not null,
  outcome_id {uuid} not null,
  chosen_at {time} not null,
  variant integer not null,
  primary key (subject_id, experiment_id, outcome_id, chosen_at)
) {clustered};
insert into experiment_choices (subject_id, experiment_id, outcome_id, chosen_at, variant)
  select subject_id, experiment_id, outcome_id, chosen_at, variant from experiment_outcomes where metric = 'clicks' and variant is not null and chosen_at is not null;
