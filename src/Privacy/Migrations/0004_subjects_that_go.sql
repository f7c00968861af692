-- A record stays as long as its subject: deleting it before does nothing, and goes on without an error, because whoever removes a subject with all of its rows
-- (an import that is taken back, the demo shop) asks every table before the subject itself is gone.

-- @sqlite
drop trigger privacy_consents_no_delete;
create trigger privacy_consents_no_delete before delete on privacy_consents when old.import_id is null and exists (select 1 from customers_subjects s where s.subject_id = old.subject_id) begin select raise(ignore); end;
-- @end
-- @postgres
create function privacy_keep() returns trigger language plpgsql as $$ begin if exists (select 1 from customers_subjects s where s.subject_id = old.subject_id) then return null; end if; return old; end $$;
drop trigger privacy_consents_keep on privacy_consents;
create trigger privacy_consents_keep before delete on privacy_consents for each row when (old.import_id is null) execute function privacy_keep();
-- @end
