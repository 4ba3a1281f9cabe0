-- The double-entry ledger. Instants: microseconds since 1970-01-01 UTC. Amounts: minor units.
-- engine: sqlite
create table cards_accounts (
    key integer primary key,
    id blob not null,
    name text not null,
    name_search text not null,
    kind integer not null,
    currency text not null,
    flags integer not null,
    overdraft_limit_minor integer not null check (overdraft_limit_minor >= 0),
    created_at integer not null,
    debits_pending integer not null default 0 check (debits_pending >= 0),
    debits_posted integer not null default 0 check (debits_posted >= 0),
    credits_pending integer not null default 0 check (credits_pending >= 0),
    credits_posted integer not null default 0 check (credits_posted >= 0),
    last_sequence integer not null default 0,
    as_of_sequence integer not null default 0
);
create unique index cards_accounts_id on cards_accounts (id);

create table cards_journal (
    sequence integer primary key,
    id blob not null,
    kind integer not null,
    debit_key integer not null,
    credit_key integer not null,
    amount_minor integer not null,
    released_minor integer not null,
    pending_sequence integer not null,
    timeout_seconds integer not null,
    code integer not null,
    reference text,
    occurred_at integer,
    posted_at integer not null,
    debit_previous integer not null,
    credit_previous integer not null,
    debit_net_after integer not null,
    credit_net_after integer not null
);
create unique index cards_journal_id on cards_journal (id);

create table cards_blocks (
    block integer primary key,
    first_sequence integer not null,
    last_sequence integer not null,
    posted_at integer not null,
    hash blob not null
);

create table cards_pendings (
    id blob primary key,
    sequence integer not null,
    debit_key integer not null,
    credit_key integer not null,
    amount_minor integer not null,
    expires_at integer,
    state integer not null,
    settled_by_sequence integer not null
) without rowid;
create index cards_pendings_due on cards_pendings (expires_at) where state = 0 and expires_at is not null;

create table cards_ledger (
    shard integer primary key,
    epoch integer not null,
    last_sequence integer not null,
    block integer not null,
    hash blob not null,
    posted_at integer not null,
    recovery_sequence integer not null,
    account_count integer not null
);
insert into cards_ledger values (0, 0, 0, 0, zeroblob(32), 0, 0, 0);

create trigger cards_journal_immutable_update before update on cards_journal
begin select raise(abort, 'the journal is immutable'); end;
create trigger cards_journal_immutable_delete before delete on cards_journal
begin select raise(abort, 'the journal is immutable'); end;

-- engine: postgres
create table cards_accounts (
    key bigint primary key,
    id uuid not null,
    name text not null,
    name_search text not null,
    kind smallint not null,
    currency text not null,
    flags integer not null,
    overdraft_limit_minor bigint not null check (overdraft_limit_minor >= 0),
    created_at bigint not null,
    debits_pending bigint not null default 0 check (debits_pending >= 0),
    debits_posted bigint not null default 0 check (debits_posted >= 0),
    credits_pending bigint not null default 0 check (credits_pending >= 0),
    credits_posted bigint not null default 0 check (credits_posted >= 0),
    last_sequence bigint not null default 0,
    as_of_sequence bigint not null default 0
) with (fillfactor = 70);
create unique index cards_accounts_id on cards_accounts (id);

create table cards_journal (
    sequence bigint primary key,
    id uuid not null,
    kind smallint not null,
    debit_key bigint not null,
    credit_key bigint not null,
    amount_minor bigint not null,
    released_minor bigint not null,
    pending_sequence bigint not null,
    timeout_seconds integer not null,
    code integer not null,
    reference text,
    occurred_at bigint,
    posted_at bigint not null,
    debit_previous bigint not null,
    credit_previous bigint not null,
    debit_net_after bigint not null,
    credit_net_after bigint not null
);
create unique index cards_journal_id on cards_journal (id);

create table cards_blocks (
    block bigint primary key,
    first_sequence bigint not null,
    last_sequence bigint not null,
    posted_at bigint not null,
    hash bytea not null
);

create table cards_pendings (
    id uuid primary key,
    sequence bigint not null,
    debit_key bigint not null,
    credit_key bigint not null,
    amount_minor bigint not null,
    expires_at bigint,
    state smallint not null,
    settled_by_sequence bigint not null
);
create index cards_pendings_due on cards_pendings (expires_at) where state = 0 and expires_at is not null;

create table cards_ledger (
    shard integer primary key,
    epoch bigint not null,
    last_sequence bigint not null,
    block bigint not null,
    hash bytea not null,
    posted_at bigint not null,
    recovery_sequence bigint not null,
    account_count bigint not null
) with (fillfactor = 50);
insert into cards_ledger values (0, 0, 0, 0, decode(repeat('00', 32), 'hex'), 0, 0, 0);

create function cards_journal_immutable() returns trigger language plpgsql as
$$ begin raise exception 'the journal is immutable'; end $$;
create trigger cards_journal_immutable before update or delete on cards_journal
for each row execute function cards_journal_immutable();
create trigger cards_journal_immutable_truncate before truncate on cards_journal
for each statement execute function cards_journal_immutable();
