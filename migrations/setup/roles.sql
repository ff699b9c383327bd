-- The three roles, made once a cluster by its administrator (make run and the tests do it for their own cluster).
-- Passwords are set apart:  alter role connections_server password '…';
--
--   connections_owner   owns the tables and runs `connections migrate`; nothing else logs in with it
--   connections_server  what `connections serve` logs in as: owns nothing, is bound by row-level security
--   connections_doors   nobody logs in with it: owns the few functions that look before an organization is known
do $$
begin
  if not exists (select from pg_roles where rolname = 'connections_owner') then
    create role connections_owner login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'connections_server') then
    create role connections_server login nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
  if not exists (select from pg_roles where rolname = 'connections_doors') then
    create role connections_doors nologin nosuperuser nocreatedb nocreaterole nobypassrls;
  end if;
end $$;
grant connections_doors to connections_owner;
