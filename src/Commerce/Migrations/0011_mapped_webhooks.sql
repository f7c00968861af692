-- Connections with programs of any kind: how they prove who they are, and the mapping by which their payloads are read.

-- Settings are those of a generic connection: how it is authenticated, in which headers its topic and its message's id stand.
alter table commerce_connections add column name {text};
alter table commerce_connections add column settings {json};

-- Order numbers are those of one shop; any number of other programs may speak of its customers.
drop index commerce_connections_storefront;
create unique index commerce_connections_storefront on commerce_connections (storefront_id) where system <> 'generic';

-- Where in the payload it lies that it was refused.
alter table commerce_deliveries add column detail {text};
-- What was taken over a generic connection is kept for a time, so that another mapping can be tried on it.
create index commerce_deliveries_samples on commerce_deliveries (connection_id, received_at) where body is not null and state in ('done', 'ignored');

-- Each version stays; the highest is in force.
-- @table commerce_mappings reference
create table commerce_mappings (
  connection_id {uuid} not null,
  version {long} not null,
  document {json} not null,
  made_at {time} not null,
  made_by {text} not null,
  primary key (connection_id, version)
);
