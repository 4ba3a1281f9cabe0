-- Events that were committed together with the state they report, and how far each subscriber has come.
-- engine: sqlite
create table events_outbox (
    id integer primary key autoincrement,
    type text not null,
    schema_version integer not null,
    key text not null,
    payload text not null,
    created_at bigint not null
);
create table events_cursors (
    subscriber text primary key,
    position bigint not null,
    window_from bigint not null,
    window_to bigint not null,
    updated_at bigint not null
);
-- engine: postgres
-- transaction_id: ids become visible in the order of commits, not of the sequence; readers go by finished transactions.
create table events_outbox (
    id bigint generated always as identity primary key,
    type text not null,
    schema_version integer not null,
    key text not null,
    payload text not null,
    created_at bigint not null,
    transaction_id bigint not null default (pg_current_xact_id()::text::bigint)
);
create index events_outbox_by_transaction on events_outbox (transaction_id, id);
create table events_cursors (
    subscriber text primary key,
    position bigint not null,
    window_from bigint not null,
    window_to bigint not null,
    updated_at bigint not null
);
-- engine: any
create index events_outbox_by_age on events_outbox (created_at);
