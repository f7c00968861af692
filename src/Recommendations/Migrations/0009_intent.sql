-- The model that tells how likely a running visit ends with an order: one row, or none where too little is known. It holds nothing of single people.
-- @table recommendations_intent reference
create table recommendations_intent (
  made_at {time} not null primary key,
  model {bytes} not null
);
