-- Sales as the log told them, and the roll-ups by day that the home page and reports read. Every figure of a roll-up is a sum over the
-- sales in the state 'counted', so that a sale can enter and leave by addition and subtraction alone. Days are those of the storefront's
-- time zone; amounts are in the currency's minor unit.

-- One row for each event; it never changes but for its state and its customer: the subject itself, unless it was merged. Kind: order,
-- extension, cancellation. State: waiting (to be counted), entering and leaving (inside one transaction), counted. Country is empty where
-- none is known.
-- @table insights_sales by_subject
create table insights_sales (
  subject_id {uuid} not null,
  seq {long} not null,
  kind {text} not null,
  state {text} not null,
  customer_id {uuid} not null,
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
  primary key (subject_id, seq)
) {clustered};
create index insights_sales_moving on insights_sales (state, day, subject_id, seq) where state <> 'counted';
create index insights_sales_buyers on insights_sales (day, currency, kind, anonymous, storefront_id, customer_id) where state = 'counted';
create index insights_sales_customer on insights_sales (customer_id, occurred_at, seq);
create index insights_sales_import on insights_sales (import_id) where import_id is not null;

-- What a known customer bought in a sale: [[product id, quantity, amount], …], each product once. Apart from the sale,
-- so that reading many sales stays cheap.
-- @table insights_sale_products by_subject
create table insights_sale_products (
  subject_id {uuid} not null,
  seq {long} not null,
  products {json} not null,
  primary key (subject_id, seq)
) {clustered};

-- Orders, revenue, items and cancellations are those of known customers. A customer is new on the day of the first order, in the
-- storefront and currency of that order.
-- @table insights_daily by_own_hash
create table insights_daily (
  day {day} not null,
  storefront_id {uuid} not null,
  currency {text} not null,
  orders {long} not null,
  revenue_minor {long} not null,
  items {long} not null,
  anonymous_orders {long} not null,
  anonymous_revenue_minor {long} not null,
  cancellations {long} not null,
  cancelled_minor {long} not null,
  new_customers {long} not null,
  primary key (day, storefront_id, currency)
) {clustered};

-- @table insights_daily_products by_own_hash
create table insights_daily_products (
  day {day} not null,
  storefront_id {uuid} not null,
  currency {text} not null,
  product_id {uuid} not null,
  sales {long} not null,
  orders {long} not null,
  quantity {long} not null,
  amount_minor {long} not null,
  primary key (day, storefront_id, currency, product_id)
) {clustered};

-- The same by month (yyyy-MM), so that a year need not be added up from its days.
-- @table insights_monthly_products by_own_hash
create table insights_monthly_products (
  month {text} not null,
  storefront_id {uuid} not null,
  currency {text} not null,
  product_id {uuid} not null,
  sales {long} not null,
  orders {long} not null,
  quantity {long} not null,
  amount_minor {long} not null,
  primary key (month, storefront_id, currency, product_id)
) {clustered};

-- @table insights_daily_countries by_own_hash
create table insights_daily_countries (
  day {day} not null,
  storefront_id {uuid} not null,
  currency {text} not null,
  country {text} not null,
  sales {long} not null,
  orders {long} not null,
  revenue_minor {long} not null,
  primary key (day, storefront_id, currency, country)
) {clustered};

-- Imports that were taken back: their sales leave the roll-ups, also those that arrive later.
-- @table insights_undone_imports reference
create table insights_undone_imports (
  import_id {uuid} not null primary key
);

-- One row. Counting takes its lock, so that one node counts at a time; the version tells open pages that figures changed.
-- @table insights_rollup_state local
create table insights_rollup_state (
  id integer not null primary key,
  version {long} not null
);
insert into insights_rollup_state (id, version) values (1, 0);
