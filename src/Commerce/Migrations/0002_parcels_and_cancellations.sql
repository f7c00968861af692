-- A tracking number leads to whoever gets the parcel: sealed under the subject's key from now on. Numbers that stood in clear are not kept.
alter table commerce_shipments drop column tracking;
alter table commerce_shipments add column tracking {bytes};

-- The list of cancellations, newest first.
create index commerce_cancellations_placed on commerce_cancellations (placed_at, cancellation_id);
