-- Keys that wrap keys. Nothing here opens anything without the root key, and a subject's key not without its share outside the database.
-- engine: sqlite
create table encryption_roots (
  generation integer not null primary key,
  root_id blob not null,
  check_value blob not null,
  erasure_store blob not null,
  created_at bigint not null
);
create table encryption_tenant_keys (
  tenant_id integer not null references tenants (id),
  version integer not null,
  root_generation integer not null,
  wrapped blob not null,
  created_at bigint not null,
  primary key (tenant_id, version)
);
create table encryption_data_keys (
  id integer primary key autoincrement,
  tenant_id integer not null references tenants (id),
  subject text not null,
  version integer not null,
  tenant_key_version integer not null,
  slot bigint not null,
  wrapped blob,
  created_at bigint not null,
  destroyed_at bigint,
  share_destroyed_at bigint,
  unique (tenant_id, subject, version)
);

-- engine: postgres
create table encryption_roots (
  generation integer not null primary key,
  root_id bytea not null,
  check_value bytea not null,
  erasure_store uuid not null,
  created_at bigint not null
);
create table encryption_tenant_keys (
  tenant_id integer not null references tenants (id),
  version integer not null,
  root_generation integer not null,
  wrapped bytea not null,
  created_at bigint not null,
  primary key (tenant_id, version)
);
create table encryption_data_keys (
  id bigint generated always as identity primary key,
  tenant_id integer not null references tenants (id),
  subject text not null,
  version integer not null,
  tenant_key_version integer not null,
  slot bigint not null,
  wrapped bytea,
  created_at bigint not null,
  destroyed_at bigint,
  share_destroyed_at bigint,
  unique (tenant_id, subject, version)
);

-- engine: any
create index encryption_data_keys_by_tenant_key on encryption_data_keys (tenant_id, tenant_key_version, id);
create index encryption_data_keys_unfinished on encryption_data_keys (id) where destroyed_at is not null and share_destroyed_at is null;
