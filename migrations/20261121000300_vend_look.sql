-- All that handing out a credential looks at, in one round trip. Not a door: it runs as its caller, so row-level
-- security holds inside as it does outside, for the organization that is set here for this one statement.
create function vend_look(the_organization uuid, the_key uuid, the_link_name text)
  returns table (
    key_scopes text[], key_allowed boolean, data_key bytea,
    connection_id uuid, disabled boolean, service_link_name text, definition jsonb,
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
    select k.scopes,
      not k.limited or exists (
        select from function_key_connection f
        where f.organization_id = k.organization_id and f.function_key_id = k.id and f.connection_id = c.id),
      o.data_key, c.id, c.disabled_at is not null, s.link_name, s.definition,
      t.state, t.cause, t.generation, t.access_token, t.refresh_token, t.token_type, t.granted_scopes, t.account,
      t.expires_at, t.refresh_after, coalesce(t.refreshed_at, t.connected_at), t.rotates, t.fail_count, t.next_try_at,
      t.lease_until, t.attempt_id, coalesce(a.outcome = 'recovery', false), clock_timestamp()
    from function_key k
    join organization o on o.id = k.organization_id
    left join connection c on c.organization_id = k.organization_id and c.link_name = the_link_name
    left join service s on s.organization_id = c.organization_id and s.id = c.service_id
    left join credential t on t.organization_id = c.organization_id and t.connection_id = c.id and t.principal = ''
    left join refresh_attempt a on a.organization_id = t.organization_id and a.id = t.attempt_id
    where k.organization_id = the_organization and k.id = the_key and k.revoked_at is null;
end $$;
revoke all on function vend_look(uuid, uuid, text) from public;
grant execute on function vend_look(uuid, uuid, text) to connections_server;
