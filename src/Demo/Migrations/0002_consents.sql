-- What people said only grows, but for those who never were: when a demo shop is removed, what was noted about its made-up customers goes with them.
-- Here, and not with the consents: SQLite looks into every trigger when a table changes, and the demo shop's table is made last.
-- @sqlite
drop trigger privacy_consents_no_delete;
create trigger privacy_consents_no_delete before delete on privacy_consents when old.import_id is null and not exists (select 1 from customers_subjects s join demo_shop d on d.demo_id = s.import_id where s.subject_id = old.subject_id and d.stage = 'removing') begin select raise(abort, 'consents only grow'); end;
-- @end
-- @postgres
create function demo_keep_consent() returns trigger language plpgsql as $$ begin if exists (select 1 from customers_subjects s join demo_shop d on d.demo_id = s.import_id where s.subject_id = old.subject_id and d.stage = 'removing') then return old; end if; raise exception 'consents only grow'; end $$;
drop trigger privacy_consents_keep on privacy_consents;
create trigger privacy_consents_keep before delete on privacy_consents for each row when (old.import_id is null) execute function demo_keep_consent();
-- @end
