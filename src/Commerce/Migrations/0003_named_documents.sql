-- What a file says of orders and cancellations that another import had brought before. Nothing of the shop's is here; but when the other
-- import is taken back, what this one says stands as if it alone had been read.

-- person_id is whom the file names: the subject of the document itself, unless the two files disagree; null for nobody.
-- @table commerce_named_documents by_subject
create table commerce_named_documents (
  subject_id {uuid} not null,
  document_id {uuid} not null,
  import_id {uuid} not null,
  person_id {uuid},
  placed_at {time} not null,
  currency {text} not null,
  country {text},
  anonymous {bool} not null,
  primary key (subject_id, document_id, import_id)
) {clustered};
create index commerce_named_documents_import on commerce_named_documents (import_id);

-- Lines that stood already when the file named them.
-- @table commerce_named_lines by_subject
create table commerce_named_lines (
  subject_id {uuid} not null,
  document_id {uuid} not null,
  import_id {uuid} not null,
  sku {text} not null,
  quantity {long} not null,
  unit_price {long} not null,
  occurrence integer not null,
  kind {text} not null,
  name {text},
  amount_minor {long} not null,
  primary key (subject_id, document_id, import_id, sku, quantity, unit_price, occurrence)
) {clustered};
create index commerce_named_lines_import on commerce_named_lines (import_id);

-- Which lines hold a product, when the import that brought the product is taken back.
create index commerce_cancellation_lines_product on commerce_cancellation_lines (product_id) where product_id is not null;
