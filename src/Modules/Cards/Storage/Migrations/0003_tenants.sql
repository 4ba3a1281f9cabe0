-- Every row belongs to a tenant, and each tenant has an id space of its own: ids are unique per tenant. What was there before belongs to the
-- default tenant (1), and the journal's rows stay as they are: their hashes don't name it. Instants: microseconds since 1970-01-01 UTC.
-- engine: any
alter table cards_accounts add column tenant_id integer not null default 1;
drop index cards_accounts_id;
create unique index cards_accounts_id on cards_accounts (tenant_id, id);
create index cards_accounts_tenant on cards_accounts (tenant_id, key);

alter table cards_journal add column tenant_id integer not null default 1;
drop index cards_journal_id;
create unique index cards_journal_id on cards_journal (tenant_id, id);

-- Lists of a tenant that is not the default one: it costs a system with one tenant nothing.
create index cards_journal_tenant on cards_journal (tenant_id, sequence) where tenant_id <> 1;

alter table cards_cards add column tenant_id integer not null default 1;
create unique index cards_cards_tenant_id on cards_cards (tenant_id, id);
create index cards_cards_tenant on cards_cards (tenant_id, key);

-- engine: sqlite
create table cards_card_lookups_3 (
    lookup_hash blob primary key,
    key_version integer not null,
    tenant_id integer not null,
    card_id blob not null,
    foreign key (tenant_id, card_id) references cards_cards (tenant_id, id)
) without rowid;
insert into cards_card_lookups_3 select lookup_hash, key_version, 1, card_id from cards_card_lookups;
drop table cards_card_lookups;
alter table cards_card_lookups_3 rename to cards_card_lookups;
drop index cards_cards_id;

create table cards_pendings_3 (
    tenant_id integer not null,
    id blob not null,
    sequence integer not null,
    debit_key integer not null,
    credit_key integer not null,
    amount_minor integer not null,
    expires_at integer,
    state integer not null,
    settled_by_sequence integer not null,
    primary key (tenant_id, id)
) without rowid;
insert into cards_pendings_3
    select 1, id, sequence, debit_key, credit_key, amount_minor, expires_at, state, settled_by_sequence from cards_pendings;
drop table cards_pendings;
alter table cards_pendings_3 rename to cards_pendings;
create index cards_pendings_due on cards_pendings (expires_at) where state = 0 and expires_at is not null;

create table cards_imports_3 (
    tenant_id integer not null,
    fingerprint blob not null,
    rows_done integer not null,
    posted integer not null,
    existing integer not null,
    rejected integer not null,
    accounts integer not null,
    funded integer not null,
    updated_at integer not null,
    finished_at integer,
    primary key (tenant_id, fingerprint)
) without rowid;
insert into cards_imports_3
    select 1, fingerprint, rows_done, posted, existing, rejected, accounts, funded, updated_at, finished_at from cards_imports;
drop table cards_imports;
alter table cards_imports_3 rename to cards_imports;

-- engine: postgres
alter table cards_card_lookups add column tenant_id integer not null default 1;
alter table cards_card_lookups drop constraint cards_card_lookups_card_id_fkey;
alter table cards_card_lookups add foreign key (tenant_id, card_id) references cards_cards (tenant_id, id);
alter table cards_card_lookups alter column tenant_id drop default;
drop index cards_cards_id;

alter table cards_pendings add column tenant_id integer not null default 1;
alter table cards_pendings drop constraint cards_pendings_pkey;
alter table cards_pendings add primary key (tenant_id, id);
alter table cards_pendings alter column tenant_id drop default;

alter table cards_imports add column tenant_id integer not null default 1;
alter table cards_imports drop constraint cards_imports_pkey;
alter table cards_imports add primary key (tenant_id, fingerprint);
alter table cards_imports alter column tenant_id drop default;

alter table cards_accounts alter column tenant_id drop default;
alter table cards_journal alter column tenant_id drop default;
alter table cards_cards alter column tenant_id drop default;
