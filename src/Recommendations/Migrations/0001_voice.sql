-- What people said about products that are offered to them, or that they bought; taken back, the row is gone. opinion: not_interested, gift.
-- @table recommendations_opinions by_subject
create table recommendations_opinions (
  subject_id {uuid} not null,
  product_id {uuid} not null,
  opinion {text} not null,
  said_at {time} not null,
  primary key (subject_id, product_id, opinion)
) {clustered};
