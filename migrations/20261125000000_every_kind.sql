-- Every kind of service: services without a secret of their own, connections with fields, values kept from a provider's
-- answers, and credentials of single people beside the organization's.

-- API keys and passwords belong to connections; a public client has no secret.
alter table service alter column client_secret drop not null;

-- What a connection was asked for, by name; what is secret of it is sealed, as one document.
alter table connection add column fields jsonb not null default '{}';
alter table connection add column secret_fields bytea;
alter table connection add column secret_generation bigint not null default 1;
-- Whose credential serves: the organization's, each person's own, or the organization's where somebody has none.
alter table connection add column credential_mode text not null default 'organization'
  check (credential_mode in ('organization', 'login_user', 'login_user_or_organization'));

-- Values that the provider's answers brought along and that URLs need (instance_url, realmId). No secrets.
alter table credential add column kept jsonb not null default '{}';
-- Whether it renews itself without a refresh token: by asking again, or with itself.
alter table credential add column renews_alone boolean not null default false;

-- Whose credential a consent is for; '' is the organization itself.
alter table consent add column principal text not null default '';
-- OAuth 1.0a: hash of the request token that was issued for this departure.
alter table consent add column request_token_hash bytea;

-- All that a call looks at, in one round trip. Not a door: it runs as its caller, so row-level security holds inside
-- as it does outside, for the organization that is set here for this one statement. Without a key a person asks.
-- the_principal is whoever the call is for; which credential that means is the connection's to say.
drop function call_look(uuid, uuid, text);
create function call_look(the_organization uuid, the_key uuid, the_link_name text, the_principal text)
  returns table (
    key_scopes text[], key_rules jsonb, key_calls_per_minute integer, key_expires_at timestamptz, key_allowed boolean,
    data_key bytea,
    connection_id uuid, disabled boolean, connection_rules jsonb, credential_mode text, fields jsonb, secret_fields bytea,
    secret_generation bigint, service_link_name text, definition jsonb,
    service_id uuid, service_secret bytea, service_secret_generation bigint,
    principal text, state text, cause text, generation bigint, access_token bytea, refresh_token bytea, token_type text,
    granted_scopes text[], account text, expires_at timestamptz, refresh_after timestamptz, born_at timestamptz,
    rotates boolean, renews_alone boolean, kept jsonb, fail_count integer, next_try_at timestamptz, lease_until timestamptz,
    attempt_id uuid, recovers boolean, seen_at timestamptz)
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
      o.data_key, c.id, c.disabled_at is not null, c.call_rules, c.credential_mode, c.fields, c.secret_fields,
      c.secret_generation, s.link_name, s.definition, s.id, s.client_secret, s.secret_generation,
      t.principal, t.state, t.cause, t.generation, t.access_token, t.refresh_token, t.token_type, t.granted_scopes, t.account,
      t.expires_at, t.refresh_after, coalesce(t.refreshed_at, t.connected_at), t.rotates, t.renews_alone, t.kept, t.fail_count,
      t.next_try_at, t.lease_until, t.attempt_id, coalesce(a.outcome = 'recovery', false), clock_timestamp()
    from organization o
    left join function_key k on k.organization_id = o.id and k.id = the_key and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())
    left join connection c on c.organization_id = o.id and c.link_name = the_link_name
    left join service s on s.organization_id = c.organization_id and s.id = c.service_id
    -- One credential at most: the organization's own, that of the person who is named, or the first of the two that is
    -- there where the connection says so. A person is never served by another person's.
    left join lateral (
      select * from credential x
      where x.organization_id = c.organization_id and x.connection_id = c.id
        and x.principal = any (case c.credential_mode
          when 'organization' then array['']
          when 'login_user' then array[nullif(the_principal, '')]
          else array['', the_principal] end)
        and not (c.credential_mode = 'login_user_or_organization' and x.principal <> '' and x.state = 'revoked')
      order by x.principal = '' limit 1) t on true
    left join refresh_attempt a on a.organization_id = t.organization_id and a.id = t.attempt_id
    where o.id = the_organization and (the_key is null or k.id is not null);
end $$;
revoke all on function call_look(uuid, uuid, text, text) from public;
grant execute on function call_look(uuid, uuid, text, text) to connections_server;
