-- How often a product was seen and chosen as part of a variant of an experiment; nobody in particular. It says how much of the catalogue each variant shows, and is kept with the experiment.
-- @table recommendations_tried by_own_hash
create table recommendations_tried (
  product_id {uuid} not null,
  experiment_id {uuid} not null,
  variant integer not null,
  shown {long} not null,
  chosen {long} not null,
  primary key (product_id, experiment_id, variant)
) {clustered};
create index ix_recommendations_tried_experiment on recommendations_tried (experiment_id, variant);
