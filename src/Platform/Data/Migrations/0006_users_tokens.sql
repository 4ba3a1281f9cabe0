-- Users, roles, refresh tokens, signing keys and revocations. Sessions belong to a key or to a user.
-- engine: any
update security_keys set scopes = scopes || ' system'
where tenant_id = 1 and (' ' || scopes || ' ') like '% admin %' and (' ' || scopes || ' ') not like '% system %';

-- engine: sqlite
create table security_users (
  id blob not null primary key,
  tenant_id integer not null references tenants (id),
  login text not null,
  login_key text not null,
  display_name text not null,
  password_hash text,
  roles text not null,
  scopes text not null,
  stamp integer not null,
  created_at bigint not null,
  disabled_at bigint,
  password_changed_at bigint,
  last_sign_in_at bigint,
  unique (tenant_id, login_key)
);

create table security_sessions_next (
  id_hash blob not null primary key,
  tenant_id integer not null references tenants (id),
  key_id blob references security_keys (id),
  user_id blob references security_users (id),
  created_at bigint not null,
  expires_at bigint not null,
  check ((key_id is null) <> (user_id is null))
);
insert into security_sessions_next (id_hash, tenant_id, key_id, created_at, expires_at)
  select s.id_hash, k.tenant_id, s.key_id, s.created_at, s.expires_at from security_sessions s join security_keys k on k.id = s.key_id;
drop table security_sessions;
alter table security_sessions_next rename to security_sessions;
create index security_sessions_by_key on security_sessions (key_id, created_at);
create index security_sessions_by_end on security_sessions (expires_at);

create table security_refresh_families (
  id blob not null primary key,
  tenant_id integer not null references tenants (id),
  user_id blob not null references security_users (id),
  client text not null,
  scopes text not null,
  secret blob not null,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  revoked_reason smallint
);

create table security_refresh_tokens (
  token_hash blob not null primary key,
  tenant_id integer not null references tenants (id),
  family_id blob not null references security_refresh_families (id) on delete cascade,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);

create table security_signing_keys (
  kid text not null primary key,
  public_key blob not null,
  sealed_key blob not null,
  created_at bigint not null,
  active_at bigint not null
);

create table security_revocations (
  id integer primary key autoincrement,
  tenant_id integer not null,
  kind smallint not null,
  subject blob not null,
  created_at bigint not null,
  expires_at bigint not null
);

-- engine: postgres
create table security_users (
  id uuid not null primary key,
  tenant_id integer not null references tenants (id),
  login text not null,
  login_key text not null,
  display_name text not null,
  password_hash text,
  roles text not null,
  scopes text not null,
  stamp integer not null,
  created_at bigint not null,
  disabled_at bigint,
  password_changed_at bigint,
  last_sign_in_at bigint,
  unique (tenant_id, login_key)
);

alter table security_sessions add column tenant_id integer references tenants (id);
alter table security_sessions add column user_id uuid references security_users (id);
update security_sessions set tenant_id = k.tenant_id from security_keys k where k.id = security_sessions.key_id;
alter table security_sessions alter column tenant_id set not null;
alter table security_sessions alter column key_id drop not null;
alter table security_sessions add constraint security_sessions_owner check ((key_id is null) <> (user_id is null));

create table security_refresh_families (
  id uuid not null primary key,
  tenant_id integer not null references tenants (id),
  user_id uuid not null references security_users (id),
  client text not null,
  scopes text not null,
  secret bytea not null,
  created_at bigint not null,
  expires_at bigint not null,
  revoked_at bigint,
  revoked_reason smallint
);

create table security_refresh_tokens (
  token_hash bytea not null primary key,
  tenant_id integer not null references tenants (id),
  family_id uuid not null references security_refresh_families (id) on delete cascade,
  created_at bigint not null,
  expires_at bigint not null,
  used_at bigint
);

create table security_signing_keys (
  kid text not null primary key,
  public_key bytea not null,
  sealed_key bytea not null,
  created_at bigint not null,
  active_at bigint not null
);

create table security_revocations (
  id bigint generated always as identity primary key,
  tenant_id integer not null,
  kind smallint not null,
  subject uuid not null,
  created_at bigint not null,
  expires_at bigint not null
);

-- engine: any
create table security_roles (
  tenant_id integer not null references tenants (id),
  name text not null,
  description text not null,
  scopes text not null,
  created_at bigint not null,
  primary key (tenant_id, name)
);
create index security_users_by_tenant on security_users (tenant_id, id);
create index security_sessions_by_user on security_sessions (user_id, created_at);
create index security_families_by_user on security_refresh_families (user_id, created_at);
create index security_families_by_end on security_refresh_families (expires_at);
create index security_refresh_by_family on security_refresh_tokens (family_id);
create index security_revocations_by_end on security_revocations (expires_at);
