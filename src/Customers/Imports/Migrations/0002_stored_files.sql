-- An upload lies in the file store until its import is done; null for a file that whoever brought it keeps. Uploads from before are not
-- there: whoever sent one sends it again, and the import goes on where it stopped.
alter table customers_imports add column file_id {uuid};
update customers_imports set state = 'failed', problem = 'Send the file again.' where stored and state in ('mapping', 'queued', 'running', 'cancelling');
alter table customers_imports drop column stored;
create index customers_imports_file on customers_imports (file_id) where file_id is not null;
