-- Passkeys (WebAuthn credentials) of staff: the public key and what the authenticator says about itself. The name that somebody gives one is
-- sealed under their id.

-- @table access_passkeys reference
create table access_passkeys (
  id {uuid} not null primary key,
  staff_id {uuid} not null,
  credential_id {bytes} not null unique,
  public_key {bytes} not null,
  sign_count {long} not null,
  transports {json} not null,
  backup_eligible {bool} not null,
  backed_up {bool} not null,
  name {bytes} not null,
  created_at {time} not null,
  used_at {time}
);
create index access_passkeys_staff on access_passkeys (staff_id);

-- A challenge was given out, the answer of the authenticator is awaited; each is answered once.
-- @table access_passkey_ceremonies local
create table access_passkey_ceremonies (
  token_hash {bytes} not null primary key,
  state {text} not null,
  expires_at {time} not null
);

-- From when on an owner needs a second factor; set at the first sign-in as owner.
alter table access_staff add column second_factor_due_at {time};
