-- Connections with shop systems, whose webhooks come in, and what became of each delivery.

-- Secrets are sealed under a key of the connection. While the secret is rotated the one before holds, too, until its time.
-- @table commerce_connections reference
create table commerce_connections (
  connection_id {uuid} not null primary key,
  system {text} not null,
  storefront_id {uuid} not null,
  customer_prefix {text} not null,
  secret {bytes} not null,
  old_secret {bytes},
  old_secret_until {time},
  created_at {time} not null,
  pinged_at {time}
);
-- Order numbers are those of one shop.
create unique index commerce_connections_storefront on commerce_connections (storefront_id);

-- The process that works on what came in over a connection; one delivery after the other.
-- @table commerce_connection_leases local
create table commerce_connection_leases (
  connection_id {uuid} not null primary key,
  node {uuid} not null,
  until {time} not null
);

-- The key is the shop's own id of the delivery. The body is what came, sealed under a key of the connection's day, and goes once it is worked off.
-- state: waiting, held (until its order is known), done, ignored, failed.
-- @table commerce_deliveries by_own_hash
create table commerce_deliveries (
  connection_id {uuid} not null,
  delivery_key {text} not null,
  delivery_id {uuid} not null,
  topic {text} not null,
  received_at {time} not null,
  triggered_at {time},
  state {text} not null,
  reason {text},
  waits_for {text},
  attempts {long} not null,
  next_at {time} not null,
  finished_at {time},
  body {bytes},
  body_key {uuid} not null,
  primary key (connection_id, delivery_key)
) {clustered};
create index commerce_deliveries_received on commerce_deliveries (connection_id, received_at, delivery_id);
create index commerce_deliveries_due on commerce_deliveries (next_at) where state = 'waiting';
create index commerce_deliveries_held on commerce_deliveries (connection_id, waits_for) where state = 'held';
create index commerce_deliveries_age on commerce_deliveries (received_at);

-- What is known of a thing of the shop (order, product, parcel) by its own id there: how new it was when it was last told, so that what comes late changes nothing.
-- @table commerce_connected by_own_hash
create table commerce_connected (
  connection_id {uuid} not null,
  kind {text} not null,
  external_id {text} not null,
  changed_at {time} not null,
  triggered_at {time} not null,
  number {text},
  subject_id {uuid},
  content {text},
  skus {json},
  primary key (connection_id, kind, external_id)
) {clustered};
create index commerce_connected_subject on commerce_connected (subject_id) where subject_id is not null;

-- What a shop system asks for by law on behalf of a customer; a person of the staff sees to it. No subject: nobody is known, or the whole shop is meant.
-- kind: data, erase_customer, erase_shop.
-- @table commerce_shop_requests reference
create table commerce_shop_requests (
  request_id {uuid} not null primary key,
  connection_id {uuid} not null,
  delivery_key {text} not null,
  kind {text} not null,
  subject_id {uuid},
  received_at {time} not null,
  due_at {time} not null,
  done_at {time},
  done_by {text}
);
create unique index commerce_shop_requests_delivery on commerce_shop_requests (connection_id, delivery_key);
