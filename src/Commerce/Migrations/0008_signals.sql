-- What somebody did with a product that is known, beside ordering it, and when last. At most two hundred products of each subject and kind; how long depends on the kind.
-- kind: view, long_view, cart, wish_list, high_rating, low_rating.
-- @table commerce_signals by_subject
create table commerce_signals (
  subject_id {uuid} not null,
  kind {text} not null,
  product_id {uuid} not null,
  happened_at {time} not null,
  primary key (subject_id, kind, product_id)
) {clustered};
create index ix_commerce_signals_happened on commerce_signals (kind, happened_at);

-- Views had a table of their own.
insert into commerce_signals (subject_id, kind, product_id, happened_at) select subject_id, 'view', product_id, viewed_at from commerce_views;
drop table commerce_views;
