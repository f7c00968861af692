-- The key store: a database of its own, kept apart from the data. Whoever has only the data can read nothing personal;
-- destroying a subject's key forgets the subject, in backups too.

-- @table vault_epochs local
create table vault_epochs (
  epoch integer not null primary key,
  wrapped_key {bytes} not null,
  created_at {time} not null
);

-- @table vault_secrets local
create table vault_secrets (
  name {text} not null primary key,
  epoch integer not null,
  wrapped_key {bytes} not null
);

-- @table vault_keys by_subject
create table vault_keys (
  subject_id {uuid} not null primary key,
  epoch integer not null,
  wrapped_key {bytes} not null
) {clustered};

-- Which subjects have a value: keyed hashes of whole values and of prefixes.
-- @table vault_tokens by_own_hash
create table vault_tokens (
  token {bytes} not null,
  subject_id {uuid} not null,
  field {text} not null,
  primary key (token, subject_id, field)
) {clustered};
create index vault_tokens_subject on vault_tokens (subject_id);

-- Who owns an identifier: one subject for each value of a kind.
-- @table vault_identifiers by_own_hash
create table vault_identifiers (
  token {bytes} not null primary key,
  subject_id {uuid} not null,
  import_id {uuid}
) {clustered};
create index vault_identifiers_subject on vault_identifiers (subject_id);
create index vault_identifiers_import on vault_identifiers (import_id) where import_id is not null;
