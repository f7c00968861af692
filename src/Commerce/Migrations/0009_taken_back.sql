-- When somebody last took back what they had done with a product, where they did not do it again since: of each subject, kind and product there is a row here or in commerce_signals, whichever happened last, so that it does not
-- matter which is told first. Kept as long as commerce_signals, and counted with it.
-- @table commerce_signals_back by_subject
create table commerce_signals_back (
  subject_id {uuid} not null,
  kind {text} not null,
  product_id {uuid} not null,
  happened_at {time} not null,
  primary key (subject_id, kind, product_id)
) {clustered};
create index ix_commerce_signals_back_happened on commerce_signals_back (kind, happened_at);

-- 0008 dropped this table at once, but a node of the version before reads and writes it for as long as it runs beside this one. Nothing reads it here; it goes with an erasure and after sixty days, and a later version drops it.
-- @table commerce_views by_subject
create table commerce_views (
  subject_id {uuid} not null,
  product_id {uuid} not null,
  viewed_at {time} not null,
  primary key (subject_id, product_id)
) {clustered};
create index ix_commerce_views_viewed on commerce_views (viewed_at);
insert into commerce_views (subject_id, product_id, viewed_at) select subject_id, product_id, happened_at from commerce_signals where kind = 'view';
