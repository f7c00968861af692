-- Who told an order: a file that was imported, the shop's own server, or a page in a browser, which anybody could make it say. What a page
-- tells stands until the server or a file tells the same number.
alter table commerce_orders add column told_by {text} not null default 'import';

-- What shoppers did with a product on a day (in the storefront's time zone), counted; nobody in particular.
-- @table commerce_daily_interest by_own_hash
create table commerce_daily_interest (
  product_id {uuid} not null,
  storefront_id {uuid} not null,
  day {day} not null,
  views {long} not null,
  baskets {long} not null,
  wishes {long} not null,
  primary key (product_id, storefront_id, day)
) {clustered};
