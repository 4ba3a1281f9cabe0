-- Cards on accounts, and how far each file's import got. Instants: microseconds since 1970-01-01 UTC.
-- The keyed hash of a number stands in a table of its own, away from the digits that are kept in clear (PCI DSS 3.5.1.1).
-- engine: sqlite
create table cards_cards (
    key integer primary key,
    id blob not null,
    account_key integer not null references cards_accounts (key),
    number_encrypted blob not null,
    bin text not null,
    last4 text not null,
    expiry_month integer not null check (expiry_month between 1 and 12),
    expiry_year integer not null,
    created_at integer not null
);
create unique index cards_cards_id on cards_cards (id);
create index cards_cards_account on cards_cards (account_key, key);

create table cards_card_lookups (
    lookup_hash blob primary key,
    key_version integer not null,
    card_id blob not null references cards_cards (id)
) without rowid;

create table cards_imports (
    fingerprint blob primary key,
    rows_done integer not null,
    posted integer not null,
    existing integer not null,
    rejected integer not null,
    accounts integer not null,
    funded integer not null,
    updated_at integer not null,
    finished_at integer
) without rowid;

-- engine: postgres
create table cards_cards (
    key bigint generated always as identity primary key,
    id uuid not null,
    account_key bigint not null references cards_accounts (key),
    number_encrypted bytea not null,
    bin text not null,
    last4 text not null,
    expiry_month smallint not null check (expiry_month between 1 and 12),
    expiry_year smallint not null,
    created_at bigint not null
);
create unique index cards_cards_id on cards_cards (id);
create index cards_cards_account on cards_cards (account_key, key);

create table cards_card_lookups (
    lookup_hash bytea primary key,
    key_version integer not null,
    card_id uuid not null references cards_cards (id)
);

create table cards_imports (
    fingerprint bytea primary key,
    rows_done bigint not null,
    posted bigint not null,
    existing bigint not null,
    rejected bigint not null,
    accounts bigint not null,
    funded bigint not null,
    updated_at bigint not null,
    finished_at bigint
);
