create table bank (
    id integer generated always as identity
        constraint bank_pk primary key,
    name text collate "C" not null
        constraint bank_name_unique unique
);
comment on table bank is
    'Several banks share one store; a small number stands for the name in every key.';

create table block (
    -- No foreign key: checking it locks, and writes, the row of the bank with every block.
    bank_id integer not null,
    seq bigint not null
        constraint block_seq_from_one check (seq between 1 and 1099511627775),
    prev_hash bytea not null
        constraint block_prev_hash_length check (octet_length(prev_hash) = 32),
    hash bytea not null
        constraint block_hash_length check (octet_length(hash) = 32),
    first_entry bigint not null
        constraint block_first_entry_counts check (first_entry >= 0),
    business_date date not null,
    payload bytea not null,
    constraint block_pk primary key (bank_id, seq)
);
-- Payloads are compressed already, or are not worth it: keep them out of the row, as they are.
alter table block alter column payload set storage external;
comment on table block is
    'The chain of each bank, what everything else is computed from. Append-only.';
comment on column block.first_entry is
    'The number of its first entry; without entries, the next number to be given. Never falls.';
comment on constraint block_pk on block is
    'The fence: of two writers only one gets a seq, the other steps down.';

create index block_by_entry on block (bank_id, first_entry, seq);
comment on index block_by_entry is 'To find the block of an entry.';
create index block_by_date on block (business_date, bank_id, seq);
comment on index block_by_date is 'To close, seal and audit one day.';

create function refuse_change() returns trigger
language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
comment on function refuse_change() is
    'What was acknowledged is never changed: a correction is another block.';
create trigger block_append_only before update or delete or truncate on block
    for each statement execute function refuse_change();

create table snapshot (
    bank_id integer not null
        constraint snapshot_bank_fk references bank (id),
    seq bigint not null
        constraint snapshot_seq_counts check (seq between 0 and 1099511627775),
    length bigint not null,
    sha256 bytea not null
        constraint snapshot_sha256_length check (octet_length(sha256) = 32),
    constraint snapshot_pk primary key (bank_id, seq)
);
comment on table snapshot is
    'The state of a bank after a block, to start from instead of from block one.';

create table snapshot_chunk (
    bank_id integer not null,
    seq bigint not null,
    number integer not null,
    bytes bytea not null,
    constraint snapshot_chunk_pk primary key (bank_id, seq, number),
    constraint snapshot_chunk_snapshot_fk foreign key (bank_id, seq)
        references snapshot (bank_id, seq) on delete cascade
);
alter table snapshot_chunk alter column bytes set storage external;
comment on table snapshot_chunk is
    'A snapshot may be hundreds of megabytes: no row should be.';

create table document (
    bank_id integer not null
        constraint document_bank_fk references bank (id),
    sha256 bytea not null
        constraint document_sha256_length check (octet_length(sha256) = 32),
    bytes bytea not null,
    constraint document_pk primary key (bank_id, sha256)
);
alter table document alter column bytes set storage external;
comment on table document is
    'Vouchers, images, reports: under their digest, so the same one is kept once.';
