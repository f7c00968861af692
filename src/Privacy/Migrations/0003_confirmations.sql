-- Double opt-in: who was asked to confirm a consent. The link is derived from the id and a key, so nothing here lets anybody confirm.

-- @table privacy_confirmations by_own_hash
create table privacy_confirmations (
  confirmation_id {uuid} not null primary key,
  subject_id {uuid} not null,
  consent_id {uuid} not null,
  asked_at {time} not null,
  expires_at {time} not null,
  confirmed_at {time}
);
