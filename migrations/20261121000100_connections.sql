-- Services, connections, their credentials, and what makes them.

create table service (
  organization_id  uuid not null references organization on delete cascade,
  id               uuid not null,
  link_name        text not null,
  name             text not null,
  -- domain::service::Definition: validated, versioned, without secrets.
  definition       jsonb not null,
  client_secret    bytea not null,
  -- Number of this client secret: part of what its seal is bound to.
  secret_generation bigint not null default 1,
  secret_set_at    timestamptz not null default now(),
  secret_set_by    uuid,
  -- The catalogue entry it was made from; null for a custom service.
  catalogue        text,
  created_by       uuid,
  created_at       timestamptz not null default now(),
  updated_at       timestamptz not null default now(),
  primary key (organization_id, id),
  constraint service_link_name_key unique (organization_id, link_name)
);

-- A redirect URL is minted before its service is saved and accepted once, even if the service is deleted later.
create table redirect_used (
  organization_id  uuid not null references organization on delete cascade,
  service_id       uuid not null,
  constraint redirect_used_key primary key (organization_id, service_id)
);

create table connection (
  organization_id  uuid not null references organization on delete cascade,
  id               uuid not null,
  service_id       uuid not null,
  link_name        text not null,
  name             text not null,
  scopes           text[] not null,
  disabled_at      timestamptz,
  disabled_by      uuid,
  created_by       uuid,
  created_at       timestamptz not null default now(),
  primary key (organization_id, id),
  constraint connection_link_name_key unique (organization_id, link_name),
  constraint connection_service_fkey foreign key (organization_id, service_id) references service
);
create index connection_service on connection (organization_id, service_id);

-- principal '' is the organization itself.
create table credential (
  organization_id  uuid not null,
  connection_id    uuid not null,
  principal        text not null default '',
  -- Number of this version; every successful consent or refresh adds one. Seals are bound to it.
  generation       bigint not null,
  state            text not null,
  cause            text,
  provider_words   text,
  access_token     bytea,
  refresh_token    bytea,
  token_type       text not null,
  granted_scopes   text[] not null,
  expires_at       timestamptz,
  refresh_after    timestamptz,
  account          text,
  connected_by     uuid,
  connected_at     timestamptz not null default now(),
  refreshed_at     timestamptz,
  -- Whether the provider was ever seen to answer a refresh with another refresh token.
  rotates          boolean not null default false,
  fail_count       integer not null default 0,
  next_try_at      timestamptz not null default now(),
  lease_owner      uuid,
  lease_until      timestamptz,
  attempt_id       uuid,
  primary key (organization_id, connection_id, principal),
  foreign key (organization_id, connection_id) references connection on delete cascade
);

-- One row a try at refreshing, written before anything is sent. A row without finished_at whose lease has ended
-- is an answer that was lost.
create table refresh_attempt (
  organization_id  uuid not null,
  id               uuid not null,
  connection_id    uuid not null,
  principal        text not null,
  generation       bigint not null,
  owner            uuid not null,
  created_at       timestamptz not null default now(),
  finished_at      timestamptz,
  outcome          text not null default 'intent',
  http_status      integer,
  provider_error   text,
  latency_ms       integer,
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references connection on delete cascade
);
create index refresh_attempt_connection on refresh_attempt (organization_id, connection_id, id desc);

create table consent (
  organization_id  uuid not null,
  id               uuid not null,
  user_id          uuid not null,
  service_id       uuid not null,
  connection_id    uuid not null,
  scopes           text[] not null,
  created_at       timestamptz not null default now(),
  -- Set when the browser leaves for the provider; leaving again replaces them.
  session_hash     bytea,
  state_hash       bytea,
  verifier         bytea,
  started          integer not null default 0,
  expires_at       timestamptz not null,
  consumed_at      timestamptz,
  -- What came of it: connected, denied, failed, or ended by a revocation. Null after consumed_at: under way, or the
  -- server stopped.
  outcome          text,
  provider_words   text,
  primary key (organization_id, id),
  constraint consent_state_key unique (organization_id, state_hash),
  foreign key (organization_id, connection_id) references connection on delete cascade,
  foreign key (organization_id, service_id) references service on delete cascade
);
create index consent_connection on consent (organization_id, connection_id, id desc);

create table function_key (
  organization_id  uuid not null references organization on delete cascade,
  id               uuid not null,
  name             text not null,
  key_hash         bytea not null,
  scopes           text[] not null,
  -- Whether it may use only the connections of function_key_connection. It stays limited when those are deleted.
  limited          boolean not null,
  created_by       uuid,
  created_at       timestamptz not null default now(),
  last_used_at     timestamptz,
  revoked_at       timestamptz,
  revoked_by       uuid,
  primary key (organization_id, id),
  constraint function_key_hash_key unique (organization_id, key_hash)
);
create index function_key_hash on function_key (key_hash);

create table function_key_connection (
  organization_id  uuid not null,
  function_key_id  uuid not null,
  connection_id    uuid not null,
  primary key (organization_id, function_key_id, connection_id),
  foreign key (organization_id, function_key_id) references function_key on delete cascade,
  foreign key (organization_id, connection_id) references connection on delete cascade
);

-- When a key last used a connection; written at most once a minute a pair.
create table use_record (
  organization_id  uuid not null,
  connection_id    uuid not null,
  function_key_id  uuid not null,
  last_used_at     timestamptz not null,
  primary key (organization_id, connection_id, function_key_id),
  foreign key (organization_id, connection_id) references connection on delete cascade,
  foreign key (organization_id, function_key_id) references function_key on delete cascade
);

-- Tokens that are already unusable here and must still be withdrawn at the provider (RFC 7009).
create table revocation_outbox (
  organization_id  uuid not null,
  id               uuid not null,
  service_id       uuid not null,
  connection_id    uuid not null,
  token            bytea not null,
  token_type_hint  text not null,
  created_at       timestamptz not null default now(),
  next_try_at      timestamptz not null default now(),
  attempts         integer not null default 0,
  last_error       text,
  primary key (organization_id, id),
  -- A service stays until the provider has answered: its client is needed to ask.
  constraint revocation_outbox_service_fkey foreign key (organization_id, service_id) references service
);
create index revocation_outbox_due on revocation_outbox (next_try_at);
