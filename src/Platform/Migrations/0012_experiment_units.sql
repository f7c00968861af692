-- Who takes part in an experiment, the first ones first, without reading those of all others.
create index experiment_units_experiment on experiment_units (experiment_id, first_seen_at, subject_id);
