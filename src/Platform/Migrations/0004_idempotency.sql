-- Requests that were done once: the answer is kept in the transaction of the effect, so that a repetition gets it and does nothing.

-- @table idempotency_keys by_own_hash
create table idempotency_keys (
  key_hash {bytes} not null primary key,
  request_hash {bytes} not null,
  answer {json} not null,
  created_at {time} not null
);
create index idempotency_keys_created on idempotency_keys (created_at);
