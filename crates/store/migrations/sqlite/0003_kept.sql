-- Small things that may change and are no facts: credentials, sessions. Not in the blocks, which
-- nobody can change, and so not made again from them.
create table kept (
    bank_id integer not null
        constraint kept_bank_fk references bank (id),
    shelf text not null,
    name text not null,
    value blob not null,
    constraint kept_pk primary key (bank_id, shelf, name)
) strict, without rowid;
