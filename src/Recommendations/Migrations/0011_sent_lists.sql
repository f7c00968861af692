-- Which lists of products picked out for a customer were sent to them, and when. made_at says which list; what it held is in the log. The column sent_at of recommendations_suggestions, which a list that is made anew took with it, is not
-- read any more.
-- @table recommendations_sent_suggestions by_subject
create table recommendations_sent_suggestions (
  subject_id {uuid} not null,
  made_at {time} not null,
  sent_at {time} not null,
  primary key (subject_id, made_at)
) {clustered};

-- What the customer had done with each product of because, in the same order: null where they bought it. The column is null in lists of versions before.
alter table recommendations_suggestions add column because_did {json};

insert into recommendations_sent_suggestions (subject_id, made_at, sent_at) select subject_id, made_at, min(sent_at) from recommendations_suggestions where sent_at is not null group by subject_id, made_at;
