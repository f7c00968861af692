-- Files that were imported, how far each one got (lines_done; the present run began at resumed_at), and the lines that were not simply taken as they stood.

-- @table customers_imports local
create table customers_imports (
  import_id {uuid} not null primary key,
  layout {text} not null,
  file_name {text} not null,
  content_hash {bytes} not null,
  bytes {long} not null,
  lines_total {long} not null,
  stored {bool} not null,
  storefront_id {uuid},
  settings {json} not null,
  state {text} not null,
  lines_done {long} not null,
  resumed_at {long} not null,
  counts {json} not null,
  problem {text},
  started_by {text} not null,
  created_at {time} not null,
  started_at {time},
  finished_at {time},
  runner {uuid},
  runner_until {time}
);
create index customers_imports_created on customers_imports (created_at, import_id);
create index customers_imports_hash on customers_imports (content_hash);

-- Content is the offending cell and the whole line, sealed under the import's own key.
-- @table customers_import_remarks local
create table customers_import_remarks (
  import_id {uuid} not null,
  line {long} not null,
  reason {text} not null,
  kind {text} not null,
  content {bytes} not null,
  primary key (import_id, line, reason)
) {clustered};

-- How the columns of a file with these headings were mapped the last time.
-- @table customers_import_mappings local
create table customers_import_mappings (
  layout {text} not null,
  headings_hash {bytes} not null,
  mapping {json} not null,
  primary key (layout, headings_hash)
);
