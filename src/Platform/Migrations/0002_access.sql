-- Who may sign in to the console, and everything that sign-in needs. E-mail address, name and the secret of the authenticator app are
-- sealed under the member's id in the key store; references that a browser holds are kept as hashes only.

-- @table access_staff reference
create table access_staff (
  id {uuid} not null primary key,
  role {text} not null,
  email {bytes},
  name {bytes},
  password_hash {text},
  totp_secret {bytes},
  totp_confirmed_at {time},
  totp_last_step {long},
  created_at {time} not null,
  signed_in_at {time},
  deactivated_at {time}
);

-- @table access_recovery_codes reference
create table access_recovery_codes (
  staff_id {uuid} not null,
  code_hash {bytes} not null,
  used_at {time},
  primary key (staff_id, code_hash)
);

-- One-time links: the first administrator, an invitation, a lost password.
-- @table access_links local
create table access_links (
  token_hash {bytes} not null primary key,
  staff_id {uuid} not null,
  created_at {time} not null,
  expires_at {time} not null,
  used_at {time}
);
create index access_links_staff on access_links (staff_id);

-- @table access_sessions local
create table access_sessions (
  token_hash {bytes} not null primary key,
  id {uuid} not null unique,
  staff_id {uuid} not null,
  created_at {time} not null,
  seen_at {time} not null,
  verified_at {time} not null,
  network {text} not null,
  device {text} not null
);
create index access_sessions_staff on access_sessions (staff_id);

-- The password was right, the second factor is awaited.
-- @table access_challenges local
create table access_challenges (
  token_hash {bytes} not null primary key,
  staff_id {uuid} not null,
  expires_at {time} not null
);

-- Tries to sign in, by account and by network, for as long as they count.
-- @table access_attempts local
create table access_attempts (
  bucket {bytes} not null,
  at {time} not null,
  id {uuid} not null,
  primary key (bucket, at, id)
);

-- The keys of ASP.NET Core Data Protection (antiforgery tokens), their secrets encrypted under the root key.
-- @table access_key_ring reference
create table access_key_ring (
  name {text} not null primary key,
  xml {text} not null,
  created_at {time} not null
);
