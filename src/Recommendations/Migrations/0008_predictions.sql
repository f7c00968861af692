-- What a customer is likely to do next, made anew at each run; no row for who objects to being personalised for. chance: to order within thirty days, in millionths, missing where the shop has
-- too little to learn it from; next_type, next_share: the product type that their next order holds most likely, and how likely (in millionths); due: what they use up and when they will want it
-- again; reasons: what speaks for and against the chance. predicted_at is the begin of the run that wrote it.
-- @table recommendations_predictions by_subject
create table recommendations_predictions (
  subject_id {uuid} not null,
  chance integer,
  next_type {text},
  next_share integer,
  due {json} not null,
  reasons {json} not null,
  last_order_at {time} not null,
  predicted_at {time} not null,
  primary key (subject_id)
) {clustered};
create index ix_recommendations_predictions_chance on recommendations_predictions (chance, subject_id);
create index ix_recommendations_predictions_type on recommendations_predictions (next_type, chance, subject_id);
create index ix_recommendations_predictions_run on recommendations_predictions (predicted_at);

-- Predictions are made once a day by one node. finished_at and card (what was learnt, and how well it foretells) are missing while it runs, or where it broke off.
-- @table recommendations_prediction_runs reference
create table recommendations_prediction_runs (
  day {day} not null primary key,
  started_at {time} not null,
  finished_at {time},
  card {json}
);
