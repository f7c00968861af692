-- Webhooks that go out (Standard Webhooks 1.0.0): who wants to hear of what, what there was to say, and what became of saying it.

-- Secrets are sealed under a key of the endpoint. For a day after a rotation both sign.
-- @table webhooks_endpoints reference
create table webhooks_endpoints (
  endpoint_id {uuid} not null primary key,
  url {text} not null,
  name {text} not null,
  types {json} not null,
  secret {bytes} not null,
  old_secret {bytes},
  old_secret_until {time},
  disabled_at {time},
  disabled_reason {text},
  created_at {time} not null
);

-- What is said, once for all who hear it: ids and numbers. The purpose is what the gate is asked for before it goes out about somebody.
-- @table webhooks_messages by_own_hash
create table webhooks_messages (
  message_id {uuid} not null primary key,
  type {text} not null,
  subject_id {uuid},
  purpose {text} not null,
  body {text} not null,
  created_at {time} not null
);
create index webhooks_messages_age on webhooks_messages (created_at);

-- state: pending, sent, failed (after the last try), withheld (the person's data may not go out).
-- @table webhooks_deliveries by_own_hash
create table webhooks_deliveries (
  endpoint_id {uuid} not null,
  message_id {uuid} not null,
  state {text} not null,
  attempts {long} not null,
  created_at {time} not null,
  next_at {time} not null,
  claimed_by {uuid},
  claimed_until {time},
  tried_at {time},
  took_ms {long},
  status {long},
  reason {text},
  primary key (endpoint_id, message_id)
) {clustered};
create index webhooks_deliveries_due on webhooks_deliveries (endpoint_id, next_at) where state = 'pending';
create index webhooks_deliveries_created on webhooks_deliveries (endpoint_id, created_at, message_id);
create index webhooks_deliveries_message on webhooks_deliveries (message_id);
