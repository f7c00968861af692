-- Rules that hold at a placement for those who belong to a segment, in place of the placement's own: a list of segment_id and rules, the first
-- that fits the customer holds. Null for none.
alter table recommendations_placements add column for_segments {json};

-- The kept model of a day (UTC) that answers at the placement; null for the newest.
alter table recommendations_placements add column model_day {day};
