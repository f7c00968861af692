-- What the shop tells of its products beside what its sales show. Null: not told. Stock is in pieces, and 0 is sold out; the listed price, in
-- 1/10000 of the product's currency, counts before the one of the latest line. No sale changes any of it.
alter table commerce_products add column brand {text};
alter table commerce_products add column seller {text};
alter table commerce_products add column stock {long};
alter table commerce_products add column available_since {day};
alter table commerce_products add column listed_price {long};
alter table commerce_products add column image_url {text};
alter table commerce_products add column page_url {text};

-- What a catalogue file said of products, and how it found them: all that it takes to make them what they would be without the file. Names: the
-- file calls the product by a name, and could have made it.
-- @table commerce_catalogue_words by_own_hash
create table commerce_catalogue_words (
  product_id {uuid} not null,
  import_id {uuid} not null,
  names {bool} not null,
  said {json} not null,
  found {json} not null,
  primary key (product_id, import_id)
) {clustered};
create index commerce_catalogue_words_import on commerce_catalogue_words (import_id);
