-- Places in the shop as the shop arranged them; those that come with the program stand without a row until they are changed. source: for_you, basket, …; rules: see ListRules.
-- @table recommendations_placements reference
create table recommendations_placements (
  name {text} not null primary key,
  source {text} not null,
  fills {bool} not null,
  rules {json} not null,
  changed_at {time} not null
);
