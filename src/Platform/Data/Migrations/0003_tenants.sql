-- Tenants from the first row on. What was there before belongs to the default tenant.
-- engine: any
create table tenants (
  id integer not null primary key,
  slug text not null unique,
  name text not null,
  created_at bigint not null,
  disabled_at bigint
);
insert into tenants (id, slug, name, created_at) values (1, 'default', 'Default', 0);

alter table security_keys add column tenant_id integer not null default 1 references tenants (id);
create index security_keys_by_tenant on security_keys (tenant_id, id);
