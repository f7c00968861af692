-- Interleaved experiments: everybody who takes part is shown one list mixed from two variants, and choices tell which is preferred. design: divided, interleaved. Of an
-- interleaved one, the variant of a unit is the one that gave the first product it saw: a fair coin.
alter table experiments add column design {text} not null default 'divided';

-- Choices from the second variant less those from the first.
alter table experiment_units add column lead {long} not null default 0;

-- Units whose choices prefer the variant.
alter table experiment_days add column wins {long} not null default 0;

-- Which variant gave what was chosen, and when that was; null where nothing was mixed.
alter table experiment_outcomes add column variant integer;
alter table experiment_outcomes add column chosen_at {time};
