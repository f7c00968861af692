-- Sales that wait to be counted have a table of their own: insights_sales holds the counted ones and nothing else, each row is written once, and the roll-ups
-- are at any time the sums over that table. As a state, waiting took two updates a sale, each of which wrote every index anew.
-- @table insights_waiting by_subject
create table insights_waiting (
  subject_id {uuid} not null,
  seq {long} not null,
  kind {text} not null,
  order_id {uuid},
  storefront_id {uuid} not null,
  currency {text} not null,
  day {day} not null,
  occurred_at {time} not null,
  amount_minor {long} not null,
  items {long} not null,
  anonymous {bool} not null,
  country {text} not null,
  import_id {uuid},
  products {json},
  primary key (subject_id, seq)
) {clustered};
create index insights_waiting_day on insights_waiting (day);

insert into insights_waiting (subject_id, seq, kind, order_id, storefront_id, currency, day, occurred_at, amount_minor, items, anonymous, country, import_id, products)
select s.subject_id, s.seq, s.kind, s.order_id, s.storefront_id, s.currency, s.day, s.occurred_at, s.amount_minor, s.items, s.anonymous, s.country, s.import_id, p.products
from insights_sales s left join insights_sale_products p on p.subject_id = s.subject_id and p.seq = s.seq
where s.state = 'waiting';
delete from insights_sale_products where exists (select 1 from insights_waiting w where w.subject_id = insights_sale_products.subject_id and w.seq = insights_sale_products.seq);
delete from insights_sales where state = 'waiting';

drop index insights_sales_moving;
drop index insights_sales_buyers;
alter table insights_sales drop column state;
create index insights_sales_buyers on insights_sales (day, currency, kind, anonymous, storefront_id, customer_id);
