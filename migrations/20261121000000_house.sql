-- Organizations, people, sessions. Every table of an organization leads with organization_id in its keys, is
-- bound by forced row-level security, and is read with `connections.organization` set for one transaction.
-- Where that setting is missing, reading it is an error: nothing passes.

create function current_organization() returns uuid
  language sql stable parallel safe
  return current_setting('connections.organization')::uuid;

create table organization (
  id          uuid primary key,
  name        text not null,
  -- The organization's data key, sealed by a root key. Deleting it makes every secret of the organization unreadable.
  data_key    bytea not null,
  created_at  timestamptz not null default now()
);

create table user_account (
  id             uuid primary key,
  email          text not null constraint user_account_email_key unique,
  name           text not null,
  password_hash  text not null,
  created_at     timestamptz not null default now()
);

create table membership (
  organization_id  uuid not null references organization on delete cascade,
  user_id          uuid not null references user_account on delete cascade,
  role             text not null check (role in ('owner', 'admin', 'developer')),
  created_at       timestamptz not null default now(),
  primary key (organization_id, user_id)
);
create index membership_by_user on membership (user_id);

-- Sessions are looked up before anything is known, so only doors touch this table. The id is stored as its hash.
create table session (
  id_hash          bytea primary key,
  user_id          uuid references user_account on delete cascade,
  organization_id  uuid references organization on delete cascade,
  created_at       timestamptz not null default now(),
  touched_at       timestamptz not null default now(),
  -- The absolute end; the idle end follows from touched_at.
  expires_at       timestamptz not null
);
create index session_by_expiry on session (expires_at);
create index session_by_user on session (user_id);

-- Attempts to sign in or up, counted by hashed subject in fixed windows.
create table attempt_window (
  subject     bytea primary key,
  started_at  timestamptz not null,
  count       integer not null
);

-- One sealed known text: tells at start whether the root keys are the right ones.
create table vault_check (
  one     boolean primary key default true check (one),
  sealed  bytea not null
);

create table audit_event (
  organization_id  uuid not null references organization on delete cascade,
  id               uuid not null,
  at               timestamptz not null default now(),
  user_id          uuid,
  function_key_id  uuid,
  address          text,
  action           text not null,
  service_id       uuid,
  connection_id    uuid,
  -- What the thing was called then, so that the line can be read after a deletion.
  subject          text not null,
  detail           text not null default '',
  primary key (organization_id, id)
);
create index audit_event_connection on audit_event (organization_id, connection_id, id desc);
