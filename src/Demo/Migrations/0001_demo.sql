-- The demo shop: one at most, and nothing is left here when it is removed. Seed and ends_at, with customers and months, are the plan that it is
-- made from; done is how many customers were made (stage making) or removed (removing) so far. Who works on it holds it for a while at a time.

-- @table demo_shop local
create table demo_shop (
  place integer not null primary key,
  demo_id {uuid} not null,
  stage {text} not null,
  customers {long} not null,
  months integer not null,
  seed {long} not null,
  ends_at {time} not null,
  done {long} not null,
  runner {uuid},
  runner_until {time}
);
