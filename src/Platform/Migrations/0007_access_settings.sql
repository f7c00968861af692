-- Settings of sign-in that an owner changed; what is not here is as it was shipped.

-- @table access_settings reference
create table access_settings (
  name {text} not null primary key,
  value {text} not null
);
