-- The audit log: entries are written in the transaction of the act, each with a keyed code of its own; seals chain them in batches.
-- Both tables only grow. Nothing personal is in here (members of staff by id, networks cut short), so erasure does not break the chain.

-- @table audit_entries local
create table audit_entries (
  id {uuid} not null primary key,
  at {time} not null,
  actor {text} not null,
  session_id {uuid},
  network {text} not null,
  action {text} not null,
  target {text} not null,
  detail {text},
  reason {text},
  mac {bytes} not null
);
create index audit_entries_at on audit_entries (at, id);

-- @table audit_seals local
create table audit_seals (
  seq {long} not null primary key,
  entry_id {uuid} not null unique,
  hash {bytes} not null
);

-- Entries that wait for their seal.
-- @table audit_unsealed local
create table audit_unsealed (
  entry_id {uuid} not null primary key
);

-- @sqlite
create trigger audit_entries_no_update before update on audit_entries begin select raise(abort, 'the audit log only grows'); end;
create trigger audit_entries_no_delete before delete on audit_entries begin select raise(abort, 'the audit log only grows'); end;
create trigger audit_seals_no_update before update on audit_seals begin select raise(abort, 'the audit log only grows'); end;
create trigger audit_seals_no_delete before delete on audit_seals begin select raise(abort, 'the audit log only grows'); end;
-- @end
-- @postgres
create function audit_refuse() returns trigger language plpgsql as $$ begin raise exception 'the audit log only grows'; end $$;
create trigger audit_entries_grow before update or delete or truncate on audit_entries for each statement execute function audit_refuse();
create trigger audit_seals_grow before update or delete or truncate on audit_seals for each statement execute function audit_refuse();
-- @end
