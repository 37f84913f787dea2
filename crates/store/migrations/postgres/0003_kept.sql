create table kept (
    bank_id integer not null
        constraint kept_bank_fk references bank (id),
    shelf text collate "C" not null,
    name text collate "C" not null,
    value bytea not null,
    constraint kept_pk primary key (bank_id, shelf, name)
);
comment on table kept is
    'Small things that may change and are no facts: credentials, sessions. Not in the blocks.';
