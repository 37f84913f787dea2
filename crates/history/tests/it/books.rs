//! Sealed days and today's blocks say what the plain way says.

use crate::town::{ALL, BANK, Dice, Told, Town};
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int64Type, UInt16Type, UInt64Type};
use arrow_array::{Array, RecordBatch};
use history::lines::schema;
use history::manifest::Period;
use history::{
    Archive, ArchiveError, Books, Column, Columns, Dimension, Directory, Filter, Group, Joined,
    LineSide, STATEMENT, Sums, Value, from_blocks, group, join, sliding, sorted,
};
use ledger::Day;
use ledger::entry::AccountId;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// One archive in a folder and one that is read over the interface of object stores.
fn archives() -> (tempfile::TempDir, [Archive; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let archives = [Archive::in_folder(folder.path().to_owned()).unwrap(), Archive::in_memory()];
    (folder, archives)
}

fn rows(batches: &[RecordBatch]) -> usize {
    batches.iter().map(RecordBatch::num_rows).sum()
}

/// (date, entry, line, effect, balance) of each line.
type Said = Vec<(Day, u64, u16, i64, i64)>;

fn said(lines: &RecordBatch) -> Said {
    let dates = lines["business_date"].as_primitive::<Date32Type>();
    let entries = lines["entry"].as_primitive::<UInt64Type>();
    let places = lines["line"].as_primitive::<UInt16Type>();
    let effects = lines["effect"].as_primitive::<Int64Type>();
    let balances = lines["balance_after"].as_primitive::<Int64Type>();
    (0..lines.num_rows())
        .map(|row| {
            (
                Day(dates.value(row)),
                entries.value(row),
                places.value(row),
                effects.value(row),
                balances.value(row),
            )
        })
        .collect()
}

/// Opening, lines and closing of a statement, worked out from all that was ever told.
fn plain_statement(
    town: &Town,
    account: AccountId,
    days: &RangeInclusive<Day>,
) -> (i64, Said, i64) {
    let own = |told: &&Told| told.line.account == account;
    let (mut opening, mut closing, mut lines) = (0, 0, Vec::new());
    for told in town.told.iter().filter(own) {
        let date = told.header.business_date;
        if date > *days.end() {
            break;
        }
        closing += told.line.effect();
        if date < *days.start() {
            opening = closing;
        } else {
            lines.push((date, told.entry.0, told.place, told.line.effect(), closing));
        }
    }
    (opening, lines, closing)
}

#[test]
fn a_sealed_day_holds_what_was_booked() {
    let town = Town::new(3, 60, 1, 400);
    let (_folder, archives) = archives();
    let expected = from_blocks(&town.blocks[0], &town, None);
    assert_eq!(expected.schema(), schema(Columns::ALL));
    let expected = sorted(&[expected]).unwrap();
    for archive in &archives {
        town.seal(archive, 0).unwrap();
        let books = Books { archive, bank: BANK, sealed_until: Some(ALL), today: &[], threads: 2 };
        let read = books.collect(&Filter::default(), Columns::ALL).unwrap();
        assert_eq!(rows(&read), 800);
        let read = sorted(&read).unwrap();
        for column in Column::ALL.into_iter().filter(|column| *column != Column::BalanceAfter) {
            let text = |batch: &RecordBatch| {
                let shown = arrow_select::concat::concat(&[&batch[column.name()]]).unwrap();
                (0..shown.len()).map(|row| told(&shown, row)).collect::<Vec<_>>()
            };
            assert_eq!(text(&read), text(&expected), "column {}", column.name());
        }
    }
}

/// A value as text, whatever its type and dictionary.
fn told(array: &dyn Array, row: usize) -> String {
    match array.as_dictionary_opt::<arrow_array::types::Int32Type>() {
        Some(codes) => told(codes.values(), codes.keys().value(row) as usize),
        None => format!("{:?}", array.slice(row, 1)),
    }
}

#[test]
fn sealing_again_changes_nothing() {
    let town = Town::new(5, 40, 2, 300);
    let (folder, [archive, other]) = archives();
    let first = town.seal(&archive, 0).unwrap();
    let path = folder.path().join(first.period.path(BANK, "lines.parquet"));
    let written = std::fs::metadata(&path).unwrap().modified().unwrap();
    assert_eq!(town.seal(&archive, 0).unwrap(), first);
    assert_eq!(std::fs::metadata(&path).unwrap().modified().unwrap(), written);
    // Elsewhere it comes out the same, byte for byte: the digests are in the manifest.
    assert_eq!(town.seal(&other, 0).unwrap(), first);
    assert_eq!(archive.verify(BANK, first.period).unwrap(), first);
    let changed = Town::new(6, 40, 2, 300);
    let refused = changed.seal(&archive, 0).unwrap_err();
    assert!(matches!(refused, ArchiveError::AlreadySealed(..)), "{refused}");
}

#[test]
fn a_day_without_a_manifest_is_not_sealed() {
    let town = Town::new(5, 40, 2, 50);
    let (folder, [archive, _]) = archives();
    let sealed = town.seal(&archive, 0).unwrap();
    let manifest = folder.path().join(sealed.period.path(BANK, "manifest.json"));
    std::fs::remove_file(&manifest).unwrap();
    let fresh = Archive::in_folder(folder.path().to_owned()).unwrap();
    assert!(fresh.catalog(BANK).unwrap().days.is_empty());
    let refused = fresh.manifest(BANK, sealed.period).unwrap_err();
    assert_eq!(refused.to_string(), "the day 2026-01-26 of the bank `town` is not sealed");
    assert_eq!(town.seal(&fresh, 0).unwrap(), sealed);
    assert_eq!(fresh.catalog(BANK).unwrap().days.len(), 1);
}

#[test]
fn a_changed_file_is_found() {
    let town = Town::new(7, 40, 1, 200);
    let (folder, [archive, _]) = archives();
    let sealed = town.seal(&archive, 0).unwrap();
    for file in &sealed.files {
        let path = folder.path().join(sealed.period.path(BANK, &file.name));
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        bad[good.len() / 2] ^= 1;
        std::fs::write(&path, &bad).unwrap();
        let found = archive.verify(BANK, sealed.period).unwrap_err();
        assert!(matches!(&found, ArchiveError::Changed { path } if path.ends_with(&file.name)));
        std::fs::write(&path, &good[1..]).unwrap();
        let found = archive.verify(BANK, sealed.period).unwrap_err();
        assert!(matches!(found, ArchiveError::Length { .. }));
        // A reader that has not opened the file before does not believe it either.
        let fresh = Archive::in_folder(folder.path().to_owned()).unwrap();
        let books =
            Books { archive: &fresh, bank: BANK, sealed_until: Some(ALL), today: &[], threads: 1 };
        if file.name == "lines.parquet" {
            let refused = books.collect(&Filter::default(), STATEMENT).unwrap_err();
            assert!(matches!(refused, ArchiveError::Length { .. }));
        }
        std::fs::write(&path, &good).unwrap();
    }
    archive.verify(BANK, sealed.period).unwrap();
}

/// A flipped bit may go unseen until the digest is compared, but it must not stop the program.
#[test]
fn a_damaged_file_gives_an_answer_or_an_error() {
    let town = Town::new(8, 40, 1, 200);
    let (folder, [archive, _]) = archives();
    let sealed = town.seal(&archive, 0).unwrap();
    let path = folder.path().join(sealed.period.path(BANK, "lines.parquet"));
    let good = std::fs::read(&path).unwrap();
    let mut dice = Dice(1);
    let mut refused = 0;
    for _ in 0..400 {
        let mut bad = good.clone();
        bad[dice.roll(good.len() as u64) as usize] ^= 1 << dice.roll(8);
        std::fs::write(&path, &bad).unwrap();
        let fresh = Archive::in_folder(folder.path().to_owned()).unwrap();
        let books =
            Books { archive: &fresh, bank: BANK, sealed_until: Some(ALL), today: &[], threads: 1 };
        let day = town.days[0];
        let account = AccountId(dice.roll(40) as u32);
        refused += u32::from(books.statement(account, day..=day, STATEMENT).is_err());
        refused += u32::from(books.collect(&Filter::default(), Columns::ALL).is_err());
    }
    assert!(refused > 0);
}

#[test]
fn a_day_that_is_sealed_and_not_closed_does_not_count_twice() {
    let town = Town::new(10, 12, 7, 60);
    let (_folder, archives) = archives();
    for archive in &archives {
        town.sealed(archive, 6);
        // Day 5 is sealed and the journal has closed only those before: a close that broke off.
        let blocks: Vec<_> = town.blocks[5..].iter().flatten().cloned().collect();
        let today = [from_blocks(&blocks, &town, None)];
        for merged in [false, true] {
            if merged {
                archive.compact_month(BANK, 2026, 1).unwrap();
                archive.compact_month(BANK, 2026, 2).unwrap();
            }
            let sealed_until = Some(town.days[4]);
            let books = Books { archive, bank: BANK, sealed_until, today: &today, threads: 2 };
            let all = books.collect(&Filter::default(), Columns::NONE).unwrap();
            assert_eq!(rows(&all), 7 * 120, "merged: {merged}");
            let day = books.collect(&Filter::days(town.days[5]..=town.days[5]), Columns::NONE);
            assert_eq!(rows(&day.unwrap()), 120);
            for account in (0..12).map(AccountId) {
                for days in [town.days[0]..=town.days[6], town.days[6]..=town.days[6]] {
                    let columns = STATEMENT.with(Column::Effect);
                    let statement = books.statement(account, days.clone(), columns).unwrap();
                    let (opening, lines, closing) = plain_statement(&town, account, &days);
                    assert_eq!(said(&statement.lines), lines);
                    assert_eq!((statement.opening, statement.closing), (opening, closing));
                }
            }
            let none = Books { sealed_until: None, ..books };
            assert_eq!(rows(&none.collect(&Filter::default(), Columns::NONE).unwrap()), 2 * 120);
        }
    }
}

#[test]
fn a_day_may_be_sealed_anew_once_it_is_unsealed() {
    let (town, other) = (Town::new(5, 40, 2, 300), Town::new(6, 40, 2, 300));
    let (_folder, archives) = archives();
    for archive in &archives {
        let first = town.seal(archive, 0).unwrap();
        archive.compact_month(BANK, 2026, 1).unwrap();
        archive.unseal(BANK, first.period).unwrap();
        assert_eq!(archive.catalog(BANK).unwrap().days.len(), 0);
        let second = other.seal(archive, 0).unwrap();
        assert_ne!(first, second);
        assert_eq!(archive.verify(BANK, first.period).unwrap(), second);
        // The merged month held the lines of before.
        assert!(archive.catalog(BANK).unwrap().months.is_empty());
        archive.unseal(BANK, Period::Day(town.days[1])).unwrap();
    }
}

#[test]
fn books_that_do_not_agree_are_not_sealed() {
    let town = Town::new(9, 40, 1, 100);
    let archive = Archive::in_memory();
    let day = town.days[0];
    let mut gl = town.gl(day);
    gl[0].debit += 1;
    gl[0].closing += 1;
    let accounts = town.openings(day);
    let closed = history::ClosedDay {
        bank: BANK,
        day,
        blocks: &town.blocks[0],
        directory: &town,
        accounts: &accounts,
        gl: &gl,
        full_balances: true,
        first_seq: 1,
        last_seq: 2,
        last_hash: [0; 32],
    };
    let refused = archive.seal(&closed).unwrap_err().to_string();
    assert_eq!(
        refused,
        "the books of 2026-01-26 do not agree: the general ledger of subject 1001, institution \
         0001, unit CNY is not the sum of its lines"
    );
    assert!(archive.catalog(BANK).unwrap().days.is_empty());
    let named = history::ClosedDay { bank: "../town", ..closed };
    assert!(matches!(archive.seal(&named), Err(ArchiveError::BankName(_))));
}

#[test]
fn balances_and_general_ledger_are_read_back() {
    let town = Town::new(11, 50, 6, 60);
    let (_folder, archives) = archives();
    for archive in &archives {
        town.sealed(archive, 6);
        for (at, day) in town.days.iter().enumerate() {
            assert_eq!(archive.gl(BANK, *day).unwrap(), town.gl(*day));
            let moved = archive.balances(BANK, *day, None).unwrap();
            // 2026-01-30 is a Friday and the day after is still January.
            assert_eq!(rows(&moved) == 50, at == 0, "day {day}");
            for id in (0..50).map(AccountId) {
                let expected = town.openings(*day)[id.index()].opening;
                assert_eq!(archive.balance_before(BANK, id, *day).unwrap(), expected);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_statement_says_what_was_booked(
        seed in any::<u64>(),
        accounts in 1_u32..30,
        entries in 1_u32..80,
        sealed in 0_usize..=9,
        merged in any::<bool>(),
    ) {
        let town = Town::new(seed, accounts, 9, entries);
        let (_folder, archives) = archives();
        let mut dice = Dice(seed);
        for archive in &archives {
            let blocks = town.sealed(archive, sealed);
            let today = [from_blocks(&blocks, &town, None)];
            if merged && sealed > 5 {
                let month = archive.compact_month(BANK, 2026, 1).unwrap();
                prop_assert_eq!(&archive.compact_month(BANK, 2026, 1).unwrap(), &month);
                archive.verify(BANK, month.period).unwrap();
            }
            let sealed_until = Some(ALL);
            let books = Books { archive, bank: BANK, sealed_until, today: &today, threads: 2 };
            for _ in 0..12 {
                let account = AccountId(dice.roll(u64::from(accounts)) as u32);
                let first = Day::new(2026, 1, 24).plus(dice.roll(14) as i32);
                let days = first..=first.plus(dice.roll(14) as i32);
                let columns = STATEMENT.with(Column::Effect);
                let statement = books.statement(account, days.clone(), columns).unwrap();
                let (opening, lines, closing) = plain_statement(&town, account, &days);
                prop_assert_eq!(said(&statement.lines), lines);
                prop_assert_eq!((statement.opening, statement.closing), (opening, closing));
            }
        }
    }

    #[test]
    fn groups_are_sums_of_lines(seed in any::<u64>(), entries in 1_u32..200, picks in 0_u64..128) {
        let town = Town::new(seed, 25, 3, entries);
        let archive = Archive::in_memory();
        let blocks = town.sealed(&archive, 2);
        let today = [from_blocks(&blocks, &town, None)];
        let by: Vec<Dimension> = [
            Dimension::Institution,
            Dimension::Unit,
            Dimension::Subject,
            Dimension::Account,
            Dimension::Day,
            Dimension::Code,
            Dimension::Maker,
        ]
        .into_iter()
        .enumerate()
        .filter(|(at, _)| picks >> at & 1 == 1)
        .map(|(_, dimension)| dimension)
        .collect();
        let mut dice = Dice(seed);
        let filter = filter(&mut dice, &town);
        let sealed_until = Some(ALL);
        let books =
            Books { archive: &archive, bank: BANK, sealed_until, today: &today, threads: 2 };
        let expected = plain_groups(&town, &filter, &by);
        prop_assert_eq!(books.group(&filter, &by).unwrap(), expected.clone());
        let lines = books.collect(&filter, Columns::ALL).unwrap();
        prop_assert_eq!(group(&lines, &by), expected);
    }

    #[test]
    fn windows_slide_by_days(seed in any::<u64>(), entries in 1_u32..100, days in 1_u16..6) {
        let town = Town::new(seed, 6, 5, entries);
        let blocks: Vec<_> = town.blocks.iter().flatten().cloned().collect();
        let lines = sorted(&[from_blocks(&blocks, &town, None)]).unwrap();
        let mut told: Vec<&Told> = town.told.iter().collect();
        told.sort_by_key(|told| (told.line.account, told.entry, told.place));
        for (row, sum) in sliding(&lines, days).into_iter().enumerate() {
            let until = told[row];
            let from = until.header.business_date.plus(1 - i32::from(days));
            let inside = told[..=row].iter().filter(|told| {
                told.line.account == until.line.account && told.header.business_date >= from
            });
            let mut sums = Sums::default();
            inside.for_each(|told| add(&mut sums, told));
            prop_assert_eq!((sum.debit, sum.credit), (sums.debit, sums.credit));
            prop_assert_eq!(u64::from(sum.count), sums.debit_count + sums.credit_count);
        }
    }
}

fn filter(dice: &mut Dice, town: &Town) -> Filter {
    let day = |dice: &mut Dice| town.days[dice.roll(3) as usize];
    let mut filter = Filter::default();
    if dice.roll(2) == 0 {
        filter.days = Some(day(dice)..=day(dice));
    }
    if dice.roll(3) == 0 {
        filter.accounts = Some((3..15).map(AccountId).collect());
    }
    if dice.roll(3) == 0 {
        filter.subjects = vec!["10".into(), "6011".into()];
    }
    if dice.roll(3) == 0 {
        filter.institutions = vec!["0101".into(), "none".into()];
    }
    if dice.roll(4) == 0 {
        filter.units = vec!["CNY".into()];
    }
    if dice.roll(4) == 0 {
        filter.makers = vec!["t1".into(), "t2".into()];
    }
    if dice.roll(4) == 0 {
        filter.codes = vec!["701".into()];
    }
    if dice.roll(4) == 0 {
        filter.side = Some(LineSide::Credit);
    }
    if dice.roll(4) == 0 {
        filter.amounts = Some(1000..=500_000);
    }
    if dice.roll(4) == 0 {
        filter.kinds = vec![ledger::entry::EntryKind::Normal, ledger::entry::EntryKind::Cancel];
    }
    filter
}

fn wanted(town: &Town, filter: &Filter, told: &Told) -> bool {
    let account = town.account(told.line.account);
    let of = |list: &[String], code: &str| list.is_empty() || list.iter().any(|one| one == code);
    let subject = town.subject_code(account.subject);
    filter.days.as_ref().is_none_or(|days| days.contains(&told.header.business_date))
        && filter.accounts.as_ref().is_none_or(|ids| ids.contains(&told.line.account))
        && (filter.subjects.is_empty()
            || filter.subjects.iter().any(|one| subject.starts_with(one)))
        && of(&filter.institutions, town.institution_code(account.institution))
        && of(&filter.units, town.unit(account.unit).code)
        && of(&filter.codes, &told.header.code)
        && of(&filter.makers, &told.header.maker)
        && filter.side.is_none_or(|side| (side == LineSide::Credit) == told.line.flags.is_credit())
        && filter.amounts.as_ref().is_none_or(|amounts| amounts.contains(&told.line.amount))
        && (filter.kinds.is_empty() || filter.kinds.contains(&told.header.kind))
}

fn add(sums: &mut Sums, told: &Told) {
    let amount = i128::from(told.line.amount) * if told.line.flags.is_red() { -1 } else { 1 };
    if told.line.flags.is_credit() {
        sums.credit += amount;
        sums.credit_count += 1;
    } else {
        sums.debit += amount;
        sums.debit_count += 1;
    }
}

fn plain_groups(town: &Town, filter: &Filter, by: &[Dimension]) -> Vec<Group> {
    let mut groups: BTreeMap<Vec<Value>, Sums> = BTreeMap::new();
    for told in town.told.iter().filter(|told| wanted(town, filter, told)) {
        let account = town.account(told.line.account);
        let key = by.iter().map(|dimension| match dimension {
            Dimension::Institution => {
                Value::Text(town.institution_code(account.institution).into())
            }
            Dimension::Unit => Value::Text(town.unit(account.unit).code.into()),
            Dimension::Subject => Value::Text(town.subject_code(account.subject).into()),
            Dimension::Account => Value::Account(told.line.account),
            Dimension::Day => Value::Day(told.header.business_date),
            Dimension::Code => Value::Text(told.header.code.clone()),
            Dimension::Maker => Value::Text(told.header.maker.clone()),
        });
        add(groups.entry(key.collect()).or_default(), told);
    }
    groups.into_iter().map(|(key, sums)| Group { key, sums }).collect()
}

#[test]
fn a_merged_month_reads_as_its_days() {
    let town = Town::new(13, 30, 9, 120);
    let (_folder, archives) = archives();
    for archive in &archives {
        town.sealed(archive, 9);
        let books = Books { archive, bank: BANK, sealed_until: Some(ALL), today: &[], threads: 2 };
        let before = sorted(&books.collect(&Filter::default(), Columns::ALL).unwrap()).unwrap();
        let month = archive.compact_month(BANK, 2026, 1).unwrap();
        assert_eq!(month.days.len(), 5);
        let parts = archive.catalog(BANK).unwrap();
        let parts: Vec<Period> =
            parts.parts(town.days[0]..=town.days[8]).iter().map(|part| part.period).collect();
        assert_eq!(parts.len(), 5, "one month and four days: {parts:?}");
        let after = sorted(&books.collect(&Filter::default(), Columns::ALL).unwrap()).unwrap();
        assert_eq!(said(&before), said(&after));
        assert!(matches!(archive.compact_month(BANK, 2026, 5), Err(ArchiveError::NotSealed(..))));
    }
}

#[test]
fn a_month_merged_too_early_is_merged_again() {
    let town = Town::new(14, 30, 5, 60);
    let (_folder, archives) = archives();
    for archive in &archives {
        town.sealed(archive, 3);
        assert_eq!(archive.compact_month(BANK, 2026, 1).unwrap().days.len(), 3);
        let books = Books { archive, bank: BANK, sealed_until: Some(ALL), today: &[], threads: 1 };
        let count = || rows(&books.collect(&Filter::default(), Columns::NONE).unwrap());
        assert_eq!(count(), 3 * 120);
        town.seal(archive, 3).unwrap();
        town.seal(archive, 4).unwrap();
        assert_eq!(count(), 5 * 120);
        assert_eq!(archive.compact_month(BANK, 2026, 1).unwrap().days.len(), 5);
        assert_eq!(count(), 5 * 120);
        assert_eq!(archive.catalog(BANK).unwrap().parts(town.days[0]..=town.days[4]).len(), 1);
    }
}

#[test]
fn lines_are_joined_to_their_accounts() {
    let town = Town::new(15, 20, 1, 30);
    let lines = from_blocks(&town.blocks[0], &town, Some(&[AccountId(4), AccountId(7)]));
    assert!(lines.num_rows() > 0);
    let joined = join(&lines, &town, &[Joined::AccountName, Joined::Subject]).unwrap();
    assert_eq!(joined.num_columns(), lines.num_columns() + 1);
    let names = joined["account_name"].as_string::<i32>();
    assert!(names.iter().flatten().all(|name| ["户名 4", "户名 7"].contains(&name)));
    let codes = |batch: &RecordBatch| -> Vec<String> {
        (0..batch.num_rows()).map(|row| told(&batch["subject"], row)).collect()
    };
    assert_eq!(codes(&joined), codes(&lines));
}
