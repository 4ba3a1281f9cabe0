-- engine: sqlite
create table security_keys (
  id blob not null primary key,
  prefix text not null unique,
  key_hash blob not null unique,
  name text not null,
  scopes text not null,
  origin smallint not null,
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint,
  revoked_reason smallint,
  last_used_at bigint
);

create table security_sessions (
  id_hash blob not null primary key,
  key_id blob not null references security_keys (id),
  created_at bigint not null,
  expires_at bigint not null
);

-- engine: postgres
create table security_keys (
  id uuid not null primary key,
  prefix text not null unique,
  key_hash bytea not null unique,
  name text not null,
  scopes text not null,
  origin smallint not null,
  created_at bigint not null,
  expires_at bigint,
  revoked_at bigint,
  revoked_reason smallint,
  last_used_at bigint
);

create table security_sessions (
  id_hash bytea not null primary key,
  key_id uuid not null references security_keys (id),
  created_at bigint not null,
  expires_at bigint not null
);

-- engine: any
create index security_sessions_by_key on security_sessions (key_id, created_at);
create index security_sessions_by_end on security_sessions (expires_at);
