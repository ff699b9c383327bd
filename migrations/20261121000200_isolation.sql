-- Row-level security, grants, and the doors.

-- Every table: enabled and forced, so that even the owner is bound.
do $$
declare t text;
begin
  foreach t in array array['organization','user_account','membership','session','attempt_window','audit_event','service',
    'redirect_used','connection','credential','refresh_attempt','consent','function_key','function_key_connection',
    'use_record','revocation_outbox'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
  end loop;
  foreach t in array array['membership','audit_event','service','redirect_used','connection','credential','refresh_attempt',
    'consent','function_key','function_key_connection','use_record','revocation_outbox'] loop
    execute format('create policy own on %I to connections_server using (organization_id = current_organization())'
      ' with check (organization_id = current_organization())', t);
  end loop;
end $$;

create policy own on organization to connections_server
  using (id = current_organization()) with check (id = current_organization());

-- A person is seen by the organizations that the person belongs to.
create policy own on user_account for select to connections_server
  using (exists (select from membership m where m.user_id = user_account.id and m.organization_id = current_organization()));
create policy change on user_account for update to connections_server
  using (exists (select from membership m where m.user_id = user_account.id and m.organization_id = current_organization()))
  with check (true);
create policy enter on user_account for insert to connections_server with check (true);

grant usage on schema public to connections_server, connections_doors;
grant select, insert on organization, user_account to connections_server;
-- Of a person, who may belong to another organization too, nothing but the password is ever changed.
grant update (password_hash) on user_account to connections_server;
grant select, insert, update, delete on membership, service, connection, credential, refresh_attempt, consent, function_key,
  function_key_connection, use_record, revocation_outbox to connections_server;
-- What happened stays written, and what was used stays used.
grant select, insert on audit_event, redirect_used to connections_server;
grant select, insert on vault_check to connections_server;

-- The doors: what must be found before the organization is known. Each answers with ids and times only.
create policy door on session to connections_doors using (true) with check (true);
create policy door on attempt_window to connections_doors using (true) with check (true);
create policy door on function_key for select to connections_doors using (true);
create policy door on user_account for select to connections_doors using (true);
create policy door on membership for select to connections_doors using (true);
create policy door on organization for select to connections_doors using (true);
create policy door on revocation_outbox for select to connections_doors using (true);
grant select, insert, update, delete on session, attempt_window to connections_doors;
grant select (organization_id, id, key_hash, revoked_at) on function_key to connections_doors;
grant select (id, email) on user_account to connections_doors;
grant select (organization_id, user_id, created_at) on membership to connections_doors;
grant select (id) on organization to connections_doors;
grant select (organization_id, id, next_try_at) on revocation_outbox to connections_doors;

create function door_session_create(the_hash bytea, the_user uuid, the_organization uuid, lifetime interval) returns boolean
  language sql security definer set search_path = pg_catalog, public
  begin atomic
    insert into session (id_hash, user_id, organization_id, expires_at)
    values (the_hash, the_user, the_organization, now() + lifetime)
    on conflict (id_hash) do nothing
    returning true;
  end;

create function door_session_save(the_hash bytea, the_user uuid, the_organization uuid) returns void
  language sql security definer set search_path = pg_catalog, public
  begin atomic
    -- Only what exists: a session that was ended meanwhile does not come back.
    update session set user_id = the_user, organization_id = the_organization, touched_at = now() where id_hash = the_hash;
  end;

create function door_session_load(the_hash bytea, idle interval)
  returns table (user_id uuid, organization_id uuid, expires_at timestamptz, touched_at timestamptz, stale boolean)
  language sql stable security definer set search_path = pg_catalog, public
  begin atomic
    select s.user_id, s.organization_id, s.expires_at, s.touched_at, s.touched_at < now() - interval '1 minute'
    from session s
    where s.id_hash = the_hash and s.expires_at > now() and s.touched_at > now() - idle;
  end;

create function door_session_touch(the_hash bytea) returns void
  language sql security definer set search_path = pg_catalog, public
  begin atomic
    update session set touched_at = now() where id_hash = the_hash and touched_at < now() - interval '1 minute';
  end;

create function door_session_delete(the_hash bytea) returns void
  language sql security definer set search_path = pg_catalog, public
  begin atomic delete from session where id_hash = the_hash; end;

create function door_sessions_of_user_delete(the_user uuid) returns void
  language sql security definer set search_path = pg_catalog, public
  begin atomic delete from session where user_id = the_user; end;

create function door_sessions_expired_delete(idle interval) returns void
  language sql security definer set search_path = pg_catalog, public
  begin atomic
    delete from session where expires_at < now() or touched_at < now() - idle;
    delete from attempt_window where started_at < now() - interval '1 day';
  end;

create function door_function_key(the_hash bytea) returns table (organization_id uuid, function_key_id uuid)
  language sql stable security definer set search_path = pg_catalog, public
  begin atomic
    select k.organization_id, k.id from function_key k where k.key_hash = the_hash and k.revoked_at is null;
  end;

-- The organization joined first is the one that a sign-in opens.
create function door_user(the_email text) returns table (user_id uuid, organization_id uuid)
  language sql stable security definer set search_path = pg_catalog, public
  begin atomic
    select u.id, m.organization_id from user_account u join membership m on m.user_id = u.id
    where u.email = the_email order by m.created_at limit 1;
  end;

create function door_any_organization() returns boolean
  language sql stable security definer set search_path = pg_catalog, public
  begin atomic select exists (select id from organization); end;

-- Counts one attempt and says whether it is still within the limit of its window.
create function door_attempt(the_subject bytea, the_limit integer, the_window interval) returns boolean
  language sql security definer set search_path = pg_catalog, public
  begin atomic
    insert into attempt_window as w (subject, started_at, count) values (the_subject, now(), 1)
    on conflict (subject) do update set
      count = case when w.started_at < now() - the_window then 1 else least(w.count + 1, 1000000) end,
      started_at = case when w.started_at < now() - the_window then now() else w.started_at end
    returning w.count <= the_limit;
  end;

create function door_attempt_forget(the_subject bytea) returns void
  language sql security definer set search_path = pg_catalog, public
  begin atomic delete from attempt_window where subject = the_subject; end;

create function door_revocations_due(most integer) returns table (organization_id uuid, id uuid)
  language sql stable security definer set search_path = pg_catalog, public
  begin atomic
    select r.organization_id, r.id from revocation_outbox r where r.next_try_at <= now() order by r.next_try_at limit most;
  end;

grant create on schema public to connections_doors;
do $$
declare f regprocedure;
begin
  for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
           where n.nspname = 'public' and p.proname like 'door\_%' loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to connections_server', f);
    execute format('alter function %s owner to connections_doors', f);
  end loop;
end $$;
revoke create on schema public from connections_doors;
