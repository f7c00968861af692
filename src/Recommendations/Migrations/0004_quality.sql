-- How well the model foretold what customers bought later, measured once a day by one node, and the settings that were found best. finished_at and report are missing while it runs, or
-- where it broke off.
-- @table recommendations_checks reference
create table recommendations_checks (
  day {day} not null primary key,
  started_at {time} not null,
  finished_at {time},
  report {json}
);
