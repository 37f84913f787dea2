-- Matters that have ended, as lists show them and with their whole record. All of it can be made
-- again from the blocks, so rows may be replaced and removed. The id is made as that of a block.
-- The body comes last, so that heads are read without its pages.
create table record (
    id integer not null
        constraint record_pk primary key,
    code text not null,
    number text not null,
    institution text not null,
    -- Days since 1970-01-01.
    opened integer not null,
    ended integer not null,
    state text not null,
    opener text not null,
    body blob not null,
    bank_id integer as (id >> 40) virtual
        constraint record_bank_fk references bank (id),
    record_id integer as (id & 1099511627775) virtual
        constraint record_id_from_one check (record_id >= 1)
) strict;

-- Lists come newest first, so in each index the id follows what is asked for. What follows the id
-- is there to pass over a row without touching the table, whose rows are large.
create index record_by_number on record (number, id);
create index record_by_opener on record (opener, id, code, institution, state, ended);
create index record_by_institution_code on record (institution, code, id, state, ended);
create index record_by_institution on record (institution, id, state, ended);
create index record_by_code on record (code, id, state, ended);
create index record_by_state on record (state, id, ended);
create index record_by_day on record (ended, id, institution, code, state);
