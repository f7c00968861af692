-- Who may be sent what and measured how: rules by market, and what people said, which only grows (GDPR article 7: whoever processes must be able to show the consent).

-- What a person said: given, not refused at a purchase (soft opt-in), withdrawn; asked (waits for its confirmation) and claimed (an import says so) count
-- for nothing. The proof is sealed under the key of the subject and goes with it; what stays after an erasure names nobody.
-- @table privacy_consents by_subject
create table privacy_consents (
  subject_id {uuid} not null,
  consent_id {uuid} not null,
  purpose {text} not null,
  channel {text} not null,
  decision {text} not null,
  address_token {bytes},
  occurred_at {time} not null,
  recorded_at {time} not null,
  recorded_by {text} not null,
  source {text} not null,
  method {text},
  wording_id {bytes},
  wording_version {text},
  language {text},
  proof {bytes},
  import_id {uuid},
  primary key (subject_id, consent_id)
) {clustered};
create index privacy_consents_import on privacy_consents (import_id) where import_id is not null;

-- The very words that people agreed to, once, by their SHA-256.
-- @table privacy_wordings by_own_hash
create table privacy_wordings (
  wording_id {bytes} not null primary key,
  text {text} not null,
  first_used_at {time} not null
);

-- Addresses whose holder withdrew, as keyed hashes: they outlive the erasure of the person, so that nobody who left is written to because a file names them again.
-- @table privacy_suppressions by_own_hash
create table privacy_suppressions (
  token {bytes} not null,
  purpose {text} not null,
  channel {text} not null,
  withdrawn_at {time} not null,
  primary key (token, purpose, channel)
) {clustered};

-- Which countries share rules. A country that is not here has those of everywhere ('*').
-- @table privacy_markets reference
create table privacy_markets (
  country {text} not null primary key,
  market {text} not null
);

-- On what a use stands in a market. soft_opt_in: own customers who could refuse at their purchase and did not, for soft_opt_in_days where the law counts them.
-- @table privacy_rules reference
create table privacy_rules (
  market {text} not null,
  purpose {text} not null,
  channel {text} not null,
  legal_basis {text} not null,
  soft_opt_in {bool} not null,
  soft_opt_in_days {long},
  primary key (market, purpose, channel)
);

insert into privacy_markets (country, market) values
  ('AT', 'eu'), ('BE', 'eu'), ('BG', 'eu'), ('HR', 'eu'), ('CY', 'eu'), ('CZ', 'eu'), ('DK', 'eu'), ('EE', 'eu'),
  ('FI', 'eu'), ('FR', 'eu'), ('DE', 'eu'), ('GR', 'eu'), ('HU', 'eu'), ('IE', 'eu'), ('IT', 'eu'), ('LV', 'eu'),
  ('LT', 'eu'), ('LU', 'eu'), ('MT', 'eu'), ('NL', 'eu'), ('PL', 'eu'), ('PT', 'eu'), ('RO', 'eu'), ('SK', 'eu'),
  ('SI', 'eu'), ('ES', 'eu'), ('SE', 'eu'), ('IS', 'eu'), ('LI', 'eu'), ('NO', 'eu'), ('GB', 'uk'), ('CH', 'ch'),
  ('US', 'us'), ('CA', 'ca'), ('CN', 'cn');

insert into privacy_rules (market, purpose, channel, legal_basis, soft_opt_in, soft_opt_in_days) values
  ('*', 'service', 'any', 'contract', {false}, null),
  ('*', 'access', 'any', 'legal_obligation', {false}, null),
  ('*', 'export', 'any', 'legitimate_interest', {false}, null),
  ('*', 'personalisation', 'any', 'legitimate_interest', {false}, null),
  ('*', 'marketing', 'any', 'consent', {false}, null),
  ('*', 'measurement', 'any', 'legitimate_interest', {false}, null),
  ('*', 'measurement', 'email', 'consent', {false}, null),
  ('*', 'measurement', 'sms', 'consent', {false}, null),
  ('*', 'measurement', 'push', 'consent', {false}, null),
  ('eu', 'marketing', 'email', 'consent', {true}, null),
  ('eu', 'marketing', 'sms', 'consent', {true}, null),
  ('eu', 'marketing', 'phone', 'consent', {false}, null),
  ('eu', 'marketing', 'push', 'consent', {false}, null),
  ('eu', 'marketing', 'post', 'legitimate_interest', {false}, null),
  ('eu', 'measurement', 'web', 'consent', {false}, null),
  ('uk', 'marketing', 'email', 'consent', {true}, null),
  ('uk', 'marketing', 'sms', 'consent', {true}, null),
  ('uk', 'marketing', 'phone', 'consent', {false}, null),
  ('uk', 'marketing', 'push', 'consent', {false}, null),
  ('uk', 'marketing', 'post', 'legitimate_interest', {false}, null),
  ('uk', 'measurement', 'web', 'consent', {false}, null),
  ('ch', 'marketing', 'email', 'consent', {true}, null),
  ('ch', 'marketing', 'sms', 'consent', {true}, null),
  ('ch', 'marketing', 'phone', 'consent', {false}, null),
  ('ch', 'marketing', 'push', 'consent', {false}, null),
  ('ch', 'marketing', 'post', 'legitimate_interest', {false}, null),
  ('ch', 'measurement', 'web', 'legitimate_interest', {false}, null),
  ('us', 'marketing', 'email', 'opt_out', {false}, null),
  ('us', 'marketing', 'post', 'opt_out', {false}, null),
  ('us', 'measurement', 'email', 'opt_out', {false}, null),
  ('us', 'measurement', 'web', 'opt_out', {false}, null),
  ('us', 'export', 'any', 'opt_out', {false}, null),
  ('ca', 'marketing', 'email', 'consent', {true}, 730),
  ('ca', 'marketing', 'sms', 'consent', {true}, 730),
  ('ca', 'marketing', 'post', 'opt_out', {false}, null),
  ('cn', 'export', 'any', 'consent', {false}, null),
  ('cn', 'personalisation', 'any', 'opt_out', {false}, null);

-- Objections were rows of their own; from here on they are withdrawals.
-- @sqlite
insert into privacy_consents (subject_id, consent_id, purpose, channel, decision, occurred_at, recorded_at, recorded_by, source)
select subject_id, randomblob(16), purpose, 'any', 'withdrawn', at, at, 'system', source from privacy_objections;
-- @end
-- @postgres
insert into privacy_consents (subject_id, consent_id, purpose, channel, decision, occurred_at, recorded_at, recorded_by, source)
select subject_id, gen_random_uuid(), purpose, 'any', 'withdrawn', at, at, 'system', source from privacy_objections;
-- @end
drop table privacy_objections;
drop table privacy_purposes;

-- Nothing is changed, and nothing deleted but what an import brought, when the import is taken back: an erasure destroys the key instead.
-- @sqlite
create trigger privacy_consents_no_update before update on privacy_consents begin select raise(abort, 'consents only grow'); end;
create trigger privacy_consents_no_delete before delete on privacy_consents when old.import_id is null begin select raise(abort, 'consents only grow'); end;
create trigger privacy_wordings_no_update before update on privacy_wordings begin select raise(abort, 'consents only grow'); end;
create trigger privacy_wordings_no_delete before delete on privacy_wordings begin select raise(abort, 'consents only grow'); end;
-- @end
-- @postgres
create function privacy_refuse() returns trigger language plpgsql as $$ begin raise exception 'consents only grow'; end $$;
create trigger privacy_consents_grow before update or truncate on privacy_consents for each statement execute function privacy_refuse();
create trigger privacy_consents_keep before delete on privacy_consents for each row when (old.import_id is null) execute function privacy_refuse();
create trigger privacy_wordings_grow before update or delete or truncate on privacy_wordings for each statement execute function privacy_refuse();
-- @end
