-- What shops tell as it happens: ids of messages that were accepted, what was said of people, and refusals.

-- Message ids of the last weeks, as hashes with their source, so that what is sent twice is taken once.
-- @table customers_messages by_own_hash
create table customers_messages (
  token {bytes} not null primary key,
  seen_at {time} not null
);
-- @postgres
create index customers_messages_seen on customers_messages using brin (seen_at);
-- @end

-- What live sources say of a subject, trait by trait: the newest wins, in whatever order they come, and what is proved wins over what a
-- browser claims. value is sealed, but for a country or language, which is a code in clear; both are null where the trait was taken back.
-- token breaks a tie of times.
-- @table customers_traits by_subject
create table customers_traits (
  subject_id {uuid} not null,
  name {text} not null,
  said_at {time} not null,
  token {bytes} not null,
  trusted {bool} not null,
  value {bytes},
  code {text},
  primary key (subject_id, name)
) {clustered};
