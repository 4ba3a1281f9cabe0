-- What happened, by whom. An entry is written with its change into audit_pending; the linker moves it into its tenant's chain.
-- engine: sqlite
create table audit_pending (
  position integer primary key autoincrement,
  id blob not null unique,
  tenant_id integer not null references tenants (id),
  occurred_at bigint not null,
  kind integer not null,
  actor_kind smallint not null,
  actor text not null,
  subject text,
  target text,
  details blob
);
create table audit_entries (
  tenant_id integer not null references tenants (id),
  sequence bigint not null,
  id blob not null unique,
  occurred_at bigint not null,
  kind integer not null,
  actor_kind smallint not null,
  actor text not null,
  subject text,
  target text,
  details blob,
  hash blob not null,
  primary key (tenant_id, sequence)
) without rowid;
create table audit_heads (
  tenant_id integer not null primary key references tenants (id),
  sequence bigint not null,
  hash blob not null,
  checkpoint_sequence bigint not null default 0,
  checkpoint_at bigint not null default 0
);
create table audit_signing_keys (
  id integer not null primary key,
  public_key blob not null,
  private_key blob not null,
  created_at bigint not null
);
create table audit_checkpoints (
  tenant_id integer not null references tenants (id),
  sequence bigint not null,
  hash blob not null,
  created_at bigint not null,
  key_id integer not null references audit_signing_keys (id),
  signature blob not null,
  primary key (tenant_id, sequence)
) without rowid;

-- engine: postgres
create table audit_pending (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  tenant_id integer not null references tenants (id),
  occurred_at bigint not null,
  kind integer not null,
  actor_kind smallint not null,
  actor text not null,
  subject text,
  target text,
  details bytea
);
create table audit_entries (
  tenant_id integer not null references tenants (id),
  sequence bigint not null,
  id uuid not null unique,
  occurred_at bigint not null,
  kind integer not null,
  actor_kind smallint not null,
  actor text not null,
  subject text,
  target text,
  details bytea,
  hash bytea not null,
  primary key (tenant_id, sequence)
);
create table audit_heads (
  tenant_id integer not null primary key references tenants (id),
  sequence bigint not null,
  hash bytea not null,
  checkpoint_sequence bigint not null default 0,
  checkpoint_at bigint not null default 0
);
create table audit_signing_keys (
  id integer not null primary key,
  public_key bytea not null,
  private_key bytea not null,
  created_at bigint not null
);
create table audit_checkpoints (
  tenant_id integer not null references tenants (id),
  sequence bigint not null,
  hash bytea not null,
  created_at bigint not null,
  key_id integer not null references audit_signing_keys (id),
  signature bytea not null,
  primary key (tenant_id, sequence)
);

-- engine: any
create index audit_entries_by_time on audit_entries (tenant_id, occurred_at);
create index audit_entries_by_kind on audit_entries (tenant_id, kind, sequence);
create index audit_entries_by_actor on audit_entries (tenant_id, actor, sequence);
create index audit_entries_by_subject on audit_entries (tenant_id, subject, sequence);
