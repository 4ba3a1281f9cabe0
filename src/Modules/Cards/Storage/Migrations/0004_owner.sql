-- Where the process that writes a ledger is reached, so that others can pass transfers on to it.
-- engine: any
create table cards_owners (
    shard integer not null primary key,
    epoch bigint not null,
    url text not null
);
