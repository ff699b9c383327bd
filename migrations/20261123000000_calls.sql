-- Calls made for functions: what they may do, versions for edits, connectors, repeated requests, and the news that
-- empties the caches of all replicas.

-- Added to by every edit: an edit that was made from an older version is refused (If-Match).
alter table service add column version bigint not null default 1;
alter table connection add column version bigint not null default 1;

-- domain::call::CallRules: methods and paths that calls may use. Empty: all.
alter table connection add column call_rules jsonb not null default '{}';
alter table function_key add column call_rules jsonb not null default '{}';
alter table function_key add column calls_per_minute integer check (calls_per_minute > 0);
alter table function_key add column expires_at timestamptz;

-- What the SDKs register by name. Two configurations of one name are two connections, so that nobody gets another's
-- token; the fingerprint is that of client and refresh token as they were configured first.
create table connector (
  organization_id  uuid not null,
  name             text not null,
  fingerprint      bytea not null,
  connection_id    uuid not null,
  created_at       timestamptz not null default now(),
  primary key (organization_id, name, fingerprint),
  foreign key (organization_id, connection_id) references connection on delete cascade
);
create index connector_connection on connector (organization_id, connection_id);

-- Answers to requests with an Idempotency-Key, sealed, kept for a day: a repeated request gets the same answer.
create table idempotent_request (
  organization_id  uuid not null,
  function_key_id  uuid not null,
  name             text not null,
  id               uuid not null,
  -- Of method, path and body: the same name with another request is a mistake.
  request_hash     bytea not null,
  created_at       timestamptz not null default now(),
  -- Null while the first request is under way.
  status           integer,
  answer           bytea,
  constraint idempotent_request_key primary key (organization_id, function_key_id, name),
  foreign key (organization_id, function_key_id) references function_key on delete cascade
);

do $$
declare t text;
begin
  foreach t in array array['connector', 'idempotent_request'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own on %I to connections_server using (organization_id = current_organization())'
      ' with check (organization_id = current_organization())', t);
    execute format('grant select, insert, update, delete on %I to connections_server', t);
  end loop;
end $$;

-- Every change that a cached answer could have seen is told to all replicas when its transaction commits.
create function tell_of_organization() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$ begin
    perform pg_notify('connections_changes', (case when tg_op = 'DELETE' then old else new end).organization_id::text);
    return null;
  end $$;
create function tell_of_connection() returns trigger
  language plpgsql set search_path = pg_catalog, public
  as $$ begin
    if tg_op = 'DELETE' then
      perform pg_notify('connections_changes', old.organization_id || ' ' || old.connection_id);
    else
      perform pg_notify('connections_changes', new.organization_id || ' ' || new.connection_id);
    end if;
    return null;
  end $$;

create trigger tell after insert or update or delete on service
  for each row execute function tell_of_organization();
create trigger tell after insert or update or delete on connection
  for each row execute function tell_of_organization();
create trigger tell after delete or update of scopes, limited, call_rules, calls_per_minute, expires_at, revoked_at on function_key
  for each row execute function tell_of_organization();
create trigger tell after insert or delete on function_key_connection
  for each row execute function tell_of_organization();
create trigger tell after insert or update or delete on credential
  for each row execute function tell_of_connection();

-- All that a call looks at, in one round trip. Not a door: it runs as its caller, so row-level security holds inside
-- as it does outside, for the organization that is set here for this one statement. Without a key a person asks.
drop function vend_look(uuid, uuid, text);
create function call_look(the_organization uuid, the_key uuid, the_link_name text)
  returns table (
    key_scopes text[], key_rules jsonb, key_calls_per_minute integer, key_expires_at timestamptz, key_allowed boolean,
    data_key bytea,
    connection_id uuid, disabled boolean, connection_rules jsonb, service_link_name text, definition jsonb,
    state text, cause text, generation bigint, access_token bytea, refresh_token bytea, token_type text,
    granted_scopes text[], account text, expires_at timestamptz, refresh_after timestamptz, born_at timestamptz,
    rotates boolean, fail_count integer, next_try_at timestamptz, lease_until timestamptz, attempt_id uuid,
    recovers boolean, seen_at timestamptz)
  language plpgsql volatile set search_path = pg_catalog, public
  as $$
#variable_conflict use_column
begin
  perform set_config('connections.organization', the_organization::text, true);
  return query
    select k.scopes, k.call_rules, k.calls_per_minute, k.expires_at,
      the_key is null or not k.limited or exists (
        select from function_key_connection f
        where f.organization_id = k.organization_id and f.function_key_id = k.id and f.connection_id = c.id),
      o.data_key, c.id, c.disabled_at is not null, c.call_rules, s.link_name, s.definition,
      t.state, t.cause, t.generation, t.access_token, t.refresh_token, t.token_type, t.granted_scopes, t.account,
      t.expires_at, t.refresh_after, coalesce(t.refreshed_at, t.connected_at), t.rotates, t.fail_count, t.next_try_at,
      t.lease_until, t.attempt_id, coalesce(a.outcome = 'recovery', false), clock_timestamp()
    from organization o
    left join function_key k on k.organization_id = o.id and k.id = the_key and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())
    left join connection c on c.organization_id = o.id and c.link_name = the_link_name
    left join service s on s.organization_id = c.organization_id and s.id = c.service_id
    left join credential t on t.organization_id = c.organization_id and t.connection_id = c.id and t.principal = ''
    left join refresh_attempt a on a.organization_id = t.organization_id and a.id = t.attempt_id
    where o.id = the_organization and (the_key is null or k.id is not null);
end $$;
revoke all on function call_look(uuid, uuid, text) from public;
grant execute on function call_look(uuid, uuid, text) to connections_server;
