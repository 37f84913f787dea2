create table record (
    -- No foreign key: checking it would lock the row of the bank with every record.
    bank_id integer not null,
    id bigint not null
        constraint record_id_from_one check (id between 1 and 1099511627775),
    code text collate "C" not null,
    number text collate "C" not null,
    institution text collate "C" not null,
    opened date not null,
    ended date not null,
    state text collate "C" not null,
    opener text collate "C" not null,
    body bytea not null,
    constraint record_pk primary key (bank_id, id)
);
comment on table record is
    'Matters that have ended. All of it can be made again from the blocks.';
comment on column record.body is
    'The whole record, as its writer made it; the other columns are for lists.';

-- Lists come newest first, so in each index the id follows what is asked for. What follows the id
-- is there to pass over a row without touching the table; as keys, since the server looks at
-- included columns only after it has fetched the row.
create index record_by_number on record (bank_id, number, id);
comment on index record_by_number is 'To find a record by what is printed on it.';
create index record_by_opener on record (bank_id, opener, id, code, institution, state, ended);
comment on index record_by_opener is 'What an operator has opened.';
create index record_by_institution_code on record
    (bank_id, institution, code, id, state, ended);
comment on index record_by_institution_code is 'Of one kind at one institution.';
create index record_by_institution on record (bank_id, institution, id, state, ended);
comment on index record_by_institution is 'At one institution.';
create index record_by_code on record (bank_id, code, id, state, ended);
comment on index record_by_code is 'Of one kind.';
create index record_by_state on record (bank_id, state, id, ended);
comment on index record_by_state is 'What ended in a rare way.';
create index record_by_day on record (bank_id, ended, id, institution, code, state);
comment on index record_by_day is 'What ended on a day.';
