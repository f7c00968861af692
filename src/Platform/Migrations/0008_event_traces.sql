-- Of which request an event is (16 bytes of a trace's id, 8 of a span's); null where nothing is traced.
alter table log_events add column trace {bytes};
