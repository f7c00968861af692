-- Products picked out to suggest to one customer, as they were when the list was made. kind: cross_sell, upsell; reason: see ReasonKind; because: ids of the purchases that speak for it.
-- @table recommendations_suggestions by_subject
create table recommendations_suggestions (
  subject_id {uuid} not null,
  place integer not null,
  product_id {uuid} not null,
  kind {text} not null,
  reason {text} not null,
  because {json} not null,
  made_at {time} not null,
  primary key (subject_id, place)
) {clustered};
