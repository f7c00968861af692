-- Tokens say by themselves of which field a whole value is. PostgreSQL looks up a row before it inserts it where a constraint asks for that, which took
-- twice as long as the row: there, who adds tokens has read those that stand, and one that came twice at once does no harm.
alter table vault_tokens rename to vault_tokens_by_field;

-- @table vault_tokens by_own_hash
create table vault_tokens (
  token {bytes} not null,
  subject_id {uuid} not null
-- @sqlite
  , primary key (token, subject_id)
-- @end
) {clustered};
insert into vault_tokens (token, subject_id) select distinct token, subject_id from vault_tokens_by_field order by token, subject_id;
drop table vault_tokens_by_field;
-- @postgres
create index vault_tokens_token on vault_tokens (token, subject_id);
-- @end
create index vault_tokens_subject on vault_tokens (subject_id);
