-- How often a product was seen and chosen at a place in the shop, counted by day (UTC); nobody in particular. Kept for sixty days.
-- @table recommendations_shown by_own_hash
create table recommendations_shown (
  product_id {uuid} not null,
  placement {text} not null,
  day {day} not null,
  shown {long} not null,
  chosen {long} not null,
  primary key (product_id, placement, day)
) {clustered};
create index ix_recommendations_shown_placement on recommendations_shown (placement, day);
create index ix_recommendations_shown_day on recommendations_shown (day);

-- Who chose a product at a place in the shop, the first time on each day: what they buy within a week is put down to that place. Only of customers who were proved to be signed in and may
-- be measured; kept for sixty days.
-- @table recommendations_choices by_subject
create table recommendations_choices (
  subject_id {uuid} not null,
  product_id {uuid} not null,
  placement {text} not null,
  day {day} not null,
  chosen_at {time} not null,
  primary key (subject_id, product_id, placement, day)
) {clustered};
create index ix_recommendations_choices_placement on recommendations_choices (placement, chosen_at);
