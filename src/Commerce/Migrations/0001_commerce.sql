-- Storefronts, products, orders and what happens to orders. Unit prices are in 1/10000 of the currency's main unit; amounts are in
-- its minor unit. Rows that came from a file carry its import_id.

-- @table commerce_storefronts reference
create table commerce_storefronts (
  storefront_id {uuid} not null primary key,
  name {text} not null,
  domain {text},
  currency {text} not null,
  locale {text} not null,
  time_zone {text} not null,
  created_at {time} not null,
  import_id {uuid}
);
create unique index commerce_storefronts_name on commerce_storefronts (name);

-- @table commerce_categories reference
create table commerce_categories (
  category_id {uuid} not null primary key,
  name {text} not null,
  import_id {uuid}
);
create unique index commerce_categories_name on commerce_categories (name);

-- Kind is the noun a product is ('lantern'), type how it is used up; their sources say whether they were inferred or set by a person.
-- Price and priced_at come from the latest line that sold it.
-- @table commerce_products reference
create table commerce_products (
  product_id {uuid} not null primary key,
  sku {text} not null,
  name {text} not null,
  type {text} not null,
  type_source {text} not null,
  kind {text},
  kind_source {text} not null,
  category_id {uuid},
  unit_price {long},
  currency {text} not null,
  priced_at {time},
  active {bool} not null,
  created_at {time} not null,
  import_id {uuid}
);
create unique index commerce_products_sku on commerce_products (sku);
create index commerce_products_name on commerce_products (name, product_id);
create index commerce_products_import on commerce_products (import_id) where import_id is not null;

-- Revenue, items and lines are sums over the order's lines without its adjustments.
-- @table commerce_orders by_subject
create table commerce_orders (
  subject_id {uuid} not null,
  order_id {uuid} not null,
  number {text} not null,
  storefront_id {uuid} not null,
  placed_at {time} not null,
  currency {text} not null,
  country {text},
  kind {text} not null,
  anonymous {bool} not null,
  revenue_minor {long} not null,
  items {long} not null,
  lines {long} not null,
  adjustments {long} not null,
  state {text} not null,
  import_id {uuid},
  primary key (subject_id, order_id)
) {clustered};
create index commerce_orders_order on commerce_orders (order_id);
create index commerce_orders_placed on commerce_orders (placed_at, order_id);
create index commerce_orders_import on commerce_orders (import_id) where import_id is not null;

-- One order and one cancellation at most bear a number in a storefront.
-- @table commerce_order_numbers by_own_hash
create table commerce_order_numbers (
  storefront_id {uuid} not null,
  number {text} not null,
  document {text} not null,
  subject_id {uuid} not null,
  document_id {uuid} not null,
  import_id {uuid},
  primary key (storefront_id, number, document)
) {clustered};
create index commerce_order_numbers_number on commerce_order_numbers (number);
create index commerce_order_numbers_import on commerce_order_numbers (import_id) where import_id is not null;

-- The key is what is written on the line and how often the same was written before: identical lines are lines of their own.
-- @table commerce_order_lines by_subject
create table commerce_order_lines (
  subject_id {uuid} not null,
  order_id {uuid} not null,
  sku {text} not null,
  quantity {long} not null,
  unit_price {long} not null,
  occurrence integer not null,
  kind {text} not null,
  product_id {uuid},
  name {text},
  amount_minor {long} not null,
  placed_at {time} not null,
  import_id {uuid},
  primary key (subject_id, order_id, sku, quantity, unit_price, occurrence)
) {clustered};
create index commerce_order_lines_product on commerce_order_lines (product_id, placed_at) where product_id is not null;
create index commerce_order_lines_import on commerce_order_lines (import_id) where import_id is not null;

-- @table commerce_cancellations by_subject
create table commerce_cancellations (
  subject_id {uuid} not null,
  cancellation_id {uuid} not null,
  number {text} not null,
  storefront_id {uuid} not null,
  placed_at {time} not null,
  currency {text} not null,
  country {text},
  anonymous {bool} not null,
  amount_minor {long} not null,
  items {long} not null,
  lines {long} not null,
  import_id {uuid},
  primary key (subject_id, cancellation_id)
) {clustered};
create index commerce_cancellations_cancellation on commerce_cancellations (cancellation_id);
create index commerce_cancellations_import on commerce_cancellations (import_id) where import_id is not null;

-- Quantity and amount are positive. order_id is the order it was matched to, by the same customer and product; null where none fits.
-- @table commerce_cancellation_lines by_subject
create table commerce_cancellation_lines (
  subject_id {uuid} not null,
  cancellation_id {uuid} not null,
  sku {text} not null,
  quantity {long} not null,
  unit_price {long} not null,
  occurrence integer not null,
  kind {text} not null,
  product_id {uuid},
  name {text},
  amount_minor {long} not null,
  order_id {uuid},
  import_id {uuid},
  primary key (subject_id, cancellation_id, sku, quantity, unit_price, occurrence)
) {clustered};
create index commerce_cancellation_lines_order on commerce_cancellation_lines (subject_id, order_id) where order_id is not null;
create index commerce_cancellation_lines_import on commerce_cancellation_lines (import_id) where import_id is not null;

-- @table commerce_shipments by_subject
create table commerce_shipments (
  subject_id {uuid} not null,
  shipment_id {uuid} not null,
  order_id {uuid} not null,
  carrier {text},
  tracking {text},
  promised_at {time},
  shipped_at {time} not null,
  delivered_at {time},
  import_id {uuid},
  primary key (subject_id, shipment_id)
);
create index commerce_shipments_order on commerce_shipments (subject_id, order_id);
create index commerce_shipments_import on commerce_shipments (import_id) where import_id is not null;

-- @table commerce_shipment_lines by_subject
create table commerce_shipment_lines (
  subject_id {uuid} not null,
  shipment_id {uuid} not null,
  sku {text} not null,
  quantity {long} not null,
  primary key (subject_id, shipment_id, sku)
);

-- @table commerce_returns by_subject
create table commerce_returns (
  subject_id {uuid} not null,
  return_id {uuid} not null,
  order_id {uuid} not null,
  returned_at {time} not null,
  reason {text} not null,
  currency {text} not null,
  refund_minor {long} not null,
  import_id {uuid},
  primary key (subject_id, return_id)
);
create index commerce_returns_order on commerce_returns (subject_id, order_id);
create index commerce_returns_import on commerce_returns (import_id) where import_id is not null;

-- @table commerce_return_lines by_subject
create table commerce_return_lines (
  subject_id {uuid} not null,
  return_id {uuid} not null,
  sku {text} not null,
  quantity {long} not null,
  primary key (subject_id, return_id, sku)
);
