-- Events with a tenant, one process per subscriber, an inbox, parked events; sagas.
-- engine: postgres
-- A row's place in the order is the generation in which it was appended. An appender holds a shared advisory lock on its generation until
-- its transaction ends; a reader begins a new generation and reads those below the lowest one that is still held. So only a transaction
-- that has appended an event can hold readers back, and no other transaction of the server.
create sequence events_generations as bigint;
select setval(
    'events_generations',
    greatest(
        pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
        (select coalesce(max(transaction_id), 0) from events_outbox),
        (select coalesce(max(window_to), 0) from events_cursors)) + 1,
    true);

create function events_generation() returns bigint language plpgsql volatile as $body$
declare
    before bigint;
    after bigint;
begin
    select last_value into before from events_generations;
    loop
        -- 18771 is "IS" in ASCII: it keeps other users of advisory locks in this database apart. Nobody takes the lock exclusively.
        perform pg_advisory_xact_lock_shared((18771::bigint << 48) + before);
        select last_value into after from events_generations;
        exit when after = before;
        before := after;
    end loop;
    return before;
end
$body$;

create function events_horizon() returns bigint language plpgsql volatile as $body$
declare
    upper_end bigint;
    lowest bigint;
begin
    upper_end := nextval('events_generations');
    select min(((l.classid::bigint << 32) | l.objid::bigint) - (18771::bigint << 48)) into lowest
    from pg_locks l
    where l.locktype = 'advisory' and l.objsubid = 1 and (l.classid::bigint >> 16) = 18771
        and l.database = (select d.oid from pg_database d where d.datname = current_database());
    return least(upper_end, coalesce(lowest, upper_end));
end
$body$;

alter table events_outbox alter column transaction_id set default events_generation();

-- engine: any
alter table events_outbox add column tenant_id integer not null default 1;

alter table events_cursors add column holder text not null default '';
alter table events_cursors add column epoch bigint not null default 0;
alter table events_cursors add column held_until bigint not null default 0;
alter table events_cursors add column through_broker smallint not null default 0;
alter table events_cursors add column failures bigint not null default 0;
alter table events_cursors add column last_error_kind text;
alter table events_cursors add column last_failed_at bigint;

-- engine: sqlite
create table events_inbox (
    subscriber text not null,
    event_id bigint not null,
    handled_at bigint not null,
    primary key (subscriber, event_id)
) without rowid;
create table events_parked (
    seq integer primary key autoincrement,
    tenant_id integer not null,
    subscriber text not null,
    event_id bigint not null,
    type text not null,
    schema_version integer not null,
    key text not null,
    payload text not null,
    created_at bigint not null,
    state smallint not null,
    attempts integer not null,
    error_kind text,
    parked_at bigint not null
);
create table sagas (
    id blob not null primary key,
    tenant_id integer not null,
    name text not null,
    version integer not null,
    idempotency_key text,
    input text not null,
    state text not null,
    status smallint not null,
    step integer not null,
    attempt integer not null,
    due_at bigint not null,
    deadline_at bigint,
    holder text not null default '',
    epoch bigint not null default 0,
    held_until bigint not null default 0,
    reason smallint,
    error_kind text,
    error_step text,
    created_at bigint not null,
    updated_at bigint not null,
    finished_at bigint
);

-- engine: postgres
create table events_inbox (
    subscriber text not null,
    event_id bigint not null,
    handled_at bigint not null,
    primary key (subscriber, event_id)
);
create table events_parked (
    seq bigint generated always as identity primary key,
    tenant_id integer not null,
    subscriber text not null,
    event_id bigint not null,
    type text not null,
    schema_version integer not null,
    key text not null,
    payload text not null,
    created_at bigint not null,
    state smallint not null,
    attempts integer not null,
    error_kind text,
    parked_at bigint not null
);
create table sagas (
    id uuid not null primary key,
    tenant_id integer not null,
    name text not null,
    version integer not null,
    idempotency_key text,
    input text not null,
    state text not null,
    status smallint not null,
    step integer not null,
    attempt integer not null,
    due_at bigint not null,
    deadline_at bigint,
    holder text not null default '',
    epoch bigint not null default 0,
    held_until bigint not null default 0,
    reason smallint,
    error_kind text,
    error_step text,
    created_at bigint not null,
    updated_at bigint not null,
    finished_at bigint
) with (fillfactor = 80);

-- engine: any
create index events_inbox_by_age on events_inbox (handled_at);
create unique index events_parked_by_event on events_parked (subscriber, event_id);
create index events_parked_by_key on events_parked (subscriber, tenant_id, key, seq);

create unique index sagas_by_idempotency_key on sagas (tenant_id, name, idempotency_key) where idempotency_key is not null;
create index sagas_by_tenant on sagas (tenant_id, id);
create index sagas_by_due on sagas (due_at) where status in (1, 2);
create index sagas_by_end on sagas (finished_at) where finished_at is not null;
