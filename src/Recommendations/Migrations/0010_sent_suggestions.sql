-- When the list was sent to the customer; null where it was not. The same on each row of a list.
alter table recommendations_suggestions add column sent_at {time};
