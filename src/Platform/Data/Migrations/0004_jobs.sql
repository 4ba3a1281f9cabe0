-- Background jobs. The table "jobs" holds live jobs only; what has ended is in "jobs_history".
-- States: 1 scheduled, 2 queued, 3 running, 4 waiting for an answer; 10 done, 11 dead, 12 cancelled, 13 quarantined.
-- engine: sqlite
create table jobs (
    id blob not null primary key,
    tenant_id integer not null,
    type text not null,
    state integer not null,
    priority integer not null,
    order_at bigint not null,
    ready_at bigint not null,
    due_at bigint,
    overrun integer not null default 0,
    mode integer not null default 0,
    attention integer not null default 0,
    attempt integer not null default 0,
    failures integer not null default 0,
    crashes integer not null default 0,
    worker_id blob,
    created_at bigint not null,
    started_at bigint,
    percent integer,
    message text,
    error text,
    idempotency_key text,
    payload text not null
) without rowid;
create table jobs_history (
    id blob not null primary key,
    tenant_id integer not null,
    type text not null,
    state integer not null,
    priority integer not null,
    ready_at bigint not null,
    due_at bigint,
    overrun integer not null,
    mode integer not null,
    attempt integer not null,
    failures integer not null,
    crashes integer not null,
    worker_id blob,
    created_at bigint not null,
    started_at bigint,
    finished_at bigint not null,
    error text,
    result text,
    idempotency_key text,
    payload text not null
) without rowid;
create index jobs_history_by_finish on jobs_history (finished_at);
create index jobs_history_failed on jobs_history (tenant_id, id) where state = 11 or state = 13;
create table jobs_keys (
    tenant_id integer not null,
    type text not null,
    key text not null,
    job_id blob not null,
    payload_hash blob not null,
    created_at bigint not null,
    primary key (tenant_id, type, key)
) without rowid;
create table jobs_workers (
    id blob not null primary key,
    name text not null,
    beat bigint not null,
    started_at bigint not null,
    seen_at bigint not null,
    running integer not null,
    capacity integer not null
);
create table jobs_schedules (
    id blob not null primary key,
    tenant_id integer not null,
    name text not null,
    type text not null,
    cron text not null,
    time_zone text not null,
    payload text not null,
    priority integer not null,
    enabled integer not null,
    next_at bigint,
    last_at bigint,
    last_job_id blob,
    created_at bigint not null,
    unique (tenant_id, name)
);
-- engine: postgres
-- Rows live for seconds and change twice: room on each page and an eager vacuum keep the table and its indexes small.
create table jobs (
    id uuid not null primary key,
    tenant_id integer not null,
    type text not null,
    state smallint not null,
    priority smallint not null,
    order_at bigint not null,
    ready_at bigint not null,
    due_at bigint,
    overrun smallint not null default 0,
    mode smallint not null default 0,
    attention smallint not null default 0,
    attempt integer not null default 0,
    failures integer not null default 0,
    crashes integer not null default 0,
    worker_id uuid,
    created_at bigint not null,
    started_at bigint,
    percent smallint,
    message text,
    error text,
    idempotency_key text,
    payload text not null
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create index jobs_running on jobs (worker_id) where state = 3;
create table jobs_history (
    id uuid not null,
    tenant_id integer not null,
    type text not null,
    state smallint not null,
    priority smallint not null,
    ready_at bigint not null,
    due_at bigint,
    overrun smallint not null,
    mode smallint not null,
    attempt integer not null,
    failures integer not null,
    crashes integer not null,
    worker_id uuid,
    created_at bigint not null,
    started_at bigint,
    finished_at bigint not null,
    error text,
    result text,
    idempotency_key text,
    payload text not null
) partition by range (finished_at);
create index jobs_history_by_id on jobs_history (id);
create index jobs_history_failed on jobs_history (tenant_id, id) where state = 11 or state = 13;
create table jobs_history_default partition of jobs_history default;
create table jobs_keys (
    tenant_id integer not null,
    type text not null,
    key text not null,
    job_id uuid not null,
    payload_hash bytea not null,
    created_at bigint not null,
    primary key (tenant_id, type, key)
);
create table jobs_workers (
    id uuid not null primary key,
    name text not null,
    beat bigint not null,
    started_at bigint not null,
    seen_at bigint not null,
    running integer not null,
    capacity integer not null
) with (fillfactor = 50);
create table jobs_schedules (
    id uuid not null primary key,
    tenant_id integer not null,
    name text not null,
    type text not null,
    cron text not null,
    time_zone text not null,
    payload text not null,
    priority smallint not null,
    enabled smallint not null,
    next_at bigint,
    last_at bigint,
    last_job_id uuid,
    created_at bigint not null,
    unique (tenant_id, name)
);
-- engine: any
create index jobs_queued on jobs (type, order_at, id) where state = 2;
create index jobs_scheduled on jobs (ready_at) where state = 1;
create index jobs_due on jobs (due_at) where overrun = 0 and due_at is not null;
create index jobs_attention on jobs (worker_id) where attention > 0;
create index jobs_keys_by_age on jobs_keys (created_at);
create index jobs_schedules_due on jobs_schedules (next_at) where enabled = 1;
create table jobs_queues (
    type text not null primary key,
    paused_at bigint,
    updated_at bigint not null
);
