-- When a person was erased, the keyed hash of the address that a record was for goes, too: whoever has an address and the server's key could find out by it whom
-- the record, and with it every row of that subject, is about. What is refused stays with the address alone (privacy_suppressions). It is the one change of a record.

-- @sqlite
drop trigger privacy_consents_no_update;
create trigger privacy_consents_no_update before update on privacy_consents when not (new.address_token is null
  and (new.subject_id, new.consent_id, new.purpose, new.channel, new.decision, new.occurred_at, new.recorded_at, new.recorded_by, new.source, new.method, new.wording_id, new.wording_version, new.language, new.proof, new.import_id)
   is (old.subject_id, old.consent_id, old.purpose, old.channel, old.decision, old.occurred_at, old.recorded_at, old.recorded_by, old.source, old.method, old.wording_id, old.wording_version, old.language, old.proof, old.import_id)
  and exists (select 1 from customers_subjects s where s.subject_id = old.subject_id and s.erased_at is not null)) begin select raise(abort, 'consents only grow'); end;
-- @end
-- @postgres
create function privacy_forget() returns trigger language plpgsql as $$ begin if new.address_token is null and to_jsonb(new) - 'address_token' = to_jsonb(old) - 'address_token' and exists (select 1 from customers_subjects s where s.subject_id = old.subject_id and s.erased_at is not null) then return new; end if; raise exception 'consents only grow'; end $$;
drop trigger privacy_consents_grow on privacy_consents;
create trigger privacy_consents_grow before truncate on privacy_consents for each statement execute function privacy_refuse();
create trigger privacy_consents_forget before update on privacy_consents for each row execute function privacy_forget();
-- @end
