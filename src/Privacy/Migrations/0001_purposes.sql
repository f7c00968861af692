-- What personal data is used for, on which legal basis (GDPR article 6), and who objected (article 21).

-- @table privacy_purposes reference
create table privacy_purposes (
  purpose {text} not null primary key,
  legal_basis {text} not null,
  needs_consent {bool} not null
);

-- @table privacy_objections by_subject
create table privacy_objections (
  subject_id {uuid} not null,
  purpose {text} not null,
  at {time} not null,
  source {text} not null,
  primary key (subject_id, purpose)
) {clustered};

insert into privacy_purposes (purpose, legal_basis, needs_consent) values
  ('service', 'contract', {false}),
  ('personalisation', 'legitimate_interest', {false}),
  ('marketing', 'consent', {true}),
  ('measurement', 'legitimate_interest', {false}),
  ('export', 'legal_obligation', {false});
