-- When somebody last looked at a product that is known. At most two hundred products of each subject, for sixty days.
-- @table commerce_views by_subject
create table commerce_views (
  subject_id {uuid} not null,
  product_id {uuid} not null,
  viewed_at {time} not null,
  primary key (subject_id, product_id)
) {clustered};
create index ix_commerce_views_viewed on commerce_views (viewed_at);
