-- A demo shop has a storefront of its own: it is never the first one, and takes no import.
alter table commerce_storefronts add column demo {bool} not null default {false};
