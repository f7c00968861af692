-- The day whose model serves on all nodes, because somebody went back to it; no row where the newest one serves.
-- @table recommendations_held reference
create table recommendations_held (
  id integer not null primary key,
  day {day} not null,
  held_at {time} not null
);
