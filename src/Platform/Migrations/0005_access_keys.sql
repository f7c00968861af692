-- Keys of programs: secret ones, which act with their scopes, and public write keys, which only send events of one site. A key has one secret
-- or, while it is rotated, two; secrets are kept as SHA-256 only.

-- @table access_keys reference
create table access_keys (
  id {uuid} not null primary key,
  kind {text} not null,
  name {text} not null,
  site_id {uuid},
  scopes {json} not null,
  life_days {long},
  created_by {uuid},
  created_at {time} not null,
  revoked_at {time}
);

-- The secret in use, and the retired one that goes on until it expires.
-- @table access_key_secrets by_own_hash
create table access_key_secrets (
  secret_hash {bytes} not null primary key,
  key_id {uuid} not null,
  hint {text} not null,
  created_at {time} not null,
  expires_at {time},
  retired_at {time},
  last_used_at {time}
);
create index access_key_secrets_key on access_key_secrets (key_id);
