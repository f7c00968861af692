-- What is wrong with events that shops send, counted by key, event and property: calls that were refused, and such as break the specification.
-- The name is as it was sent, or empty.
-- @table customers_event_problems by_own_hash
create table customers_event_problems (
  source_id {uuid} not null,
  name {text} not null,
  problem {text} not null,
  property {text} not null,
  refused {bool} not null,
  seen {long} not null,
  first_at {time} not null,
  last_at {time} not null,
  message_id {text},
  primary key (source_id, name, problem, property)
) {clustered};
create index customers_event_problems_last on customers_event_problems (last_at);
