-- Pairs of customers who may be one person. subject_id and other_id are the customers' own ids, the lower one first;
-- proposal_id breaks ties of lists. chance in millionths; evidence: what each
-- field says, in bits, and no value of it. state: open, or refused, which stays for ever, so that nobody is asked twice. What was accepted is in the merge log.
-- @table customers_proposals by_subject
create table customers_proposals (
  subject_id {uuid} not null,
  other_id {uuid} not null,
  proposal_id {uuid} not null,
  chance integer not null,
  evidence {json} not null,
  state {text} not null,
  found_at {time} not null,
  decided_at {time},
  primary key (subject_id, other_id)
) {clustered};
create index customers_proposals_chance on customers_proposals (state, chance, proposal_id);
create index customers_proposals_other on customers_proposals (other_id);

-- Customers are compared once a day by one node. finished_at and card (how many, and what was found) are missing while it runs, or where it broke off.
-- @table customers_proposal_runs reference
create table customers_proposal_runs (
  day {day} not null primary key,
  started_at {time} not null,
  finished_at {time},
  card {json}
);

-- From which precision on, in millionths, proposals are accepted by themselves; no row where a person decides each.
-- @table customers_proposal_settings reference
create table customers_proposal_settings (
  id integer not null primary key,
  precision_wished integer not null
);
