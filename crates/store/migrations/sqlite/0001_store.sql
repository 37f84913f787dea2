-- One file holds several banks. A small number stands for the name, so that the key of a block
-- fits one integer.
create table bank (
    id integer not null
        constraint bank_pk primary key
        -- 23 bits, so that (bank, seq) fits a signed integer of 64.
        constraint bank_id_fits check (id between 1 and 8388607),
    name text not null
        constraint bank_name_unique unique
) strict;

-- The chain of each bank. The id is the bank's number times 2^40 plus the seq: SQLite's own
-- B-tree is then the fence (bank, seq), no second index is written for a block, and a bank's
-- blocks lie together. The payload comes last, so that heads are read without its pages.
create table block (
    id integer not null
        constraint block_pk primary key,
    prev_hash blob not null
        constraint block_prev_hash_length check (length(prev_hash) = 32),
    hash blob not null
        constraint block_hash_length check (length(hash) = 32),
    -- Never falls along a bank's chain, so an entry is found by halving and needs no index.
    first_entry integer not null
        constraint block_first_entry_counts check (first_entry >= 0),
    -- Days since 1970-01-01.
    business_date integer not null,
    payload blob not null,
    bank_id integer as (id >> 40) virtual
        -- A block of no bank would be seen by nobody.
        constraint block_bank_fk references bank (id),
    seq integer as (id & 1099511627775) virtual
        constraint block_seq_from_one check (seq >= 1)
) strict;

-- Where the business date changes along a chain: one row for each run of blocks of one date.
-- It stands for an index by date, which would cost a page with every block.
create table day_run (
    first_block_id integer not null
        constraint day_run_pk primary key
        constraint day_run_block_fk references block (id),
    business_date integer not null
) strict;

create index day_run_by_date on day_run (business_date);

create trigger block_opens_day_run after insert on block
when not exists (
    select 1 from block before
    where before.id = new.id - 1 and before.business_date = new.business_date
)
begin
    insert into day_run (first_block_id, business_date) values (new.id, new.business_date);
end;

-- What was acknowledged is never changed: a correction is another block.
create trigger block_refuses_update before update on block
begin
    select raise(abort, 'block is append-only');
end;

create trigger block_refuses_delete before delete on block
begin
    select raise(abort, 'block is append-only');
end;

-- "insert or replace" would delete without asking the trigger above.
create trigger block_refuses_replace before insert on block
when exists (select 1 from block there where there.id = new.id)
begin
    select raise(abort, 'block is append-only');
end;

-- The chain has no gap and no fork, whoever writes: the block before must be there and be the
-- one that is named. Said here and not in the insert, which would then copy each payload twice.
create trigger block_follows before insert on block
when (new.id & 1099511627775) <> 1 and not exists (
    select 1 from block before
    where before.id = new.id - 1
        and before.hash = new.prev_hash
        and before.first_entry <= new.first_entry
)
begin
    select raise(abort, 'block does not follow the one before');
end;

-- The state of a bank after a block, to start from instead of from block one. The id is made as
-- that of a block. Written with its chunks in one transaction, so it is seen whole or not at all.
create table snapshot (
    id integer not null
        constraint snapshot_pk primary key,
    length integer not null,
    sha256 blob not null
        constraint snapshot_sha256_length check (length(sha256) = 32),
    bank_id integer as (id >> 40) virtual
        constraint snapshot_bank_fk references bank (id),
    seq integer as (id & 1099511627775) virtual
) strict;

-- A snapshot may be hundreds of megabytes: no row should be.
create table snapshot_chunk (
    snapshot_id integer not null
        constraint snapshot_chunk_snapshot_fk references snapshot (id) on delete cascade,
    number integer not null,
    bytes blob not null,
    constraint snapshot_chunk_pk primary key (snapshot_id, number)
) strict;

-- Vouchers, images, reports: under their digest, so the same one is kept once.
create table document (
    bank_id integer not null
        constraint document_bank_fk references bank (id),
    sha256 blob not null
        constraint document_sha256_length check (length(sha256) = 32),
    bytes blob not null,
    constraint document_pk primary key (bank_id, sha256)
) strict;
