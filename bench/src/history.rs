//! What a year of sealed days answers: one account's statement, and a trial balance.

use crate::Options;
use crate::entries::Draw;
use crate::folder::Folder;
use crate::pace::{Pace, timed};
use crate::recovery;
use crate::setup::ACCOUNTS;
use crate::table::{Aim, Table, count, figure};
use crate::{bulk, today, year};
use arrow_array::RecordBatch;
use history::group::group_columns;
use history::{Archive, Books, Dimension, Filter, STATEMENT};
use ledger::Day;
use ledger::entry::AccountId;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const ENTRIES: usize = 25_000_000;
const DAYS: usize = 250;
const YEAR_ACCOUNTS: u32 = 1_000_000;

/// Lines that a trial balance sums.
const SUMMED: usize = 10_000_000;

const ROUNDS: usize = 15;
const THREADS: [usize; 2] = [1, 2];

const STATEMENT_AIM: Aim = Aim::AtMost(50.0, " ms");
const SUM_AIM: Aim = Aim::AtMost(0.3, " s");

const BY: [Dimension; 3] = [Dimension::Institution, Dimension::Unit, Dimension::Subject];

/// Trial balances and statements over sealed days; statements over months, into which closed days
/// may be merged.
pub fn run(options: &Options) {
    let temporary = Folder::new("year");
    let folder = options.folder.as_ref().unwrap_or(&temporary.0);
    let lines = options.entries.unwrap_or(ENTRIES) * 2;
    let days = year::days(DAYS);
    seal(folder, lines, &days);
    let title = format!("Trial balance of {} lines", count(lines.min(SUMMED)));
    let columns = ["from", "lines", "rows", "1 thread s", "2 threads s", "aim"];
    let table = Table::begin(&title, &columns);
    sums(&table, folder, &days, lines);
    blocks(&table, lines.min(SUMMED) / 2);
    let title = format!("A year's statement of one account in {} lines", count(lines));
    let columns = [
        "from",
        "account",
        "lines found",
        "1 thread, median ms",
        "2 threads, median ms",
        "2 threads, most ms",
        "aim",
        "cold ms",
    ];
    let table = Table::begin(&title, &columns);
    statements(&table, folder, "250 sealed days", &days);
    merge(folder, &days);
    statements(&table, folder, "12 merged months", &days);
}

fn seal(folder: &Path, lines: usize, days: &[Day]) {
    unmerge(folder);
    let archive = open(folder);
    let sealed = archive.catalog(year::BANK).expect("the archive answers").days.len();
    if sealed >= days.len() {
        eprintln!("the folder has a year already: it is used as it is");
        return;
    }
    let names = year::Names::new(YEAR_ACCOUNTS);
    let (seconds, bytes) = year::seal(&archive, &names, lines as u64, days);
    println!(
        "\nSealing {} days of {} lines each took {} s a day and {} bytes a line.",
        days.len(),
        count(lines / days.len()),
        figure(seconds / days.len() as f64),
        figure(bytes as f64 / lines as f64)
    );
}

/// Takes away the merged months of an earlier run, which are only copies: else what is to be
/// measured over days would be read from them.
fn unmerge(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder.join(year::BANK)) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with("month=") {
            std::fs::remove_dir_all(entry.path()).expect("the folder is ours");
        }
    }
}

fn merge(folder: &Path, days: &[Day]) {
    let archive = open(folder);
    let mut months: Vec<(i16, i8)> = days.iter().map(|day| (day.year(), day.month())).collect();
    months.dedup();
    let count = months.len();
    let ((), seconds) = timed(|| {
        for (year, month) in months {
            archive.compact_month(year::BANK, year, month).expect("the month has sealed days");
        }
    });
    eprintln!("merging {count} months took {} s each", figure(seconds / count as f64));
}

fn statements(table: &Table, folder: &Path, from: &str, days: &[Day]) {
    let year = days[0]..=days[days.len() - 1];
    for (name, first) in [("average", 5_000), ("busy", 7)] {
        forget(folder);
        let archive = open(folder);
        let one = |id: u32, threads: usize| {
            let books = books(&archive, days, &[], threads);
            let statement = books.statement(AccountId(id), year.clone(), STATEMENT);
            statement.expect("the year is sealed").lines.num_rows()
        };
        let (found, cold) = timed(|| one(first, 2));
        let paces = THREADS.map(|threads| {
            let next = |round: usize| first + 1 + round as u32;
            Pace::repeat(Duration::MAX, ROUNDS, |round| one(next(round), threads))
        });
        let median = paces[1].at_ms(0.5);
        table.row(&[
            from.to_owned(),
            name.to_owned(),
            count(found),
            figure(paces[0].at_ms(0.5)),
            figure(median),
            figure(paces[1].at_ms(1.0)),
            STATEMENT_AIM.beside(median),
            figure(cold * 1e3),
        ]);
    }
}

fn sums(table: &Table, folder: &Path, days: &[Day], lines: usize) {
    let archive = open(folder);
    // As many days as hold the lines.
    let a_day = lines / days.len();
    let some = &days[..(SUMMED / a_day).clamp(1, days.len())];
    let filter = Filter::days(some[0]..=some[some.len() - 1]);
    let summed = a_day * some.len();
    let sum = |archive: &Archive, today: &[_], filter: &Filter| {
        let mut rows = 0;
        let seconds = THREADS.map(|threads| {
            let books = books(archive, days, today, threads);
            let pace = Pace::repeat(Duration::MAX, 5, |_| {
                rows = books.group(filter, &BY).expect("the days are sealed").len();
            });
            pace.at_ms(0.5) / 1e3
        });
        (rows, seconds)
    };
    let (rows, seconds) = sum(&archive, &[], &filter);
    row(table, "sealed lines, summed anew", (summed, rows), seconds);
    let (rows, seconds) = timed(|| {
        let ledgers = some.iter().map(|day| archive.gl(year::BANK, *day).expect("it is sealed"));
        ledgers.map(|ledger| ledger.len()).sum::<usize>()
    });
    row(table, "sealed general ledgers, as the report reads", (summed, rows), [seconds, f64::NAN]);
    let columns = group_columns(&BY);
    let batches = books(&archive, days, &[], 2).collect(&filter, columns);
    let batches = batches.expect("the days are sealed");
    let (rows, seconds) = sum(&Archive::in_memory(), &batches, &Filter::default());
    row(table, "lines in memory as Arrow batches", (summed, rows), seconds);
}

fn blocks(table: &Table, entries: usize) {
    let folder = Folder::new("today");
    bulk::post(&folder, &folder.books(), Draw::Uniform, entries);
    let follower = recovery::follow(&folder.books());
    let found = today::trial_balance(&folder.books(), &follower.state().book);
    let seconds = found.read + found.decode + found.sum;
    let name = format!(
        "today's blocks of {} accounts: read {} s, decode {} s, sum {} s",
        count(ACCOUNTS),
        figure(found.read),
        figure(found.decode),
        figure(found.sum)
    );
    row(table, &name, (found.lines, found.rows), [seconds, f64::NAN]);
}

fn row(table: &Table, from: &str, (lines, rows): (usize, usize), [one, two]: [f64; 2]) {
    // What has one thread only is judged by that.
    let best = if two.is_nan() { one } else { two };
    table.row(&[
        from.to_owned(),
        count(lines),
        count(rows),
        figure(one),
        if two.is_nan() { String::from("–") } else { figure(two) },
        SUM_AIM.beside(best),
    ]);
}

/// The year's sealed days, all closed, and lines of today.
fn books<'a>(
    archive: &'a Archive,
    days: &[Day],
    today: &'a [RecordBatch],
    threads: usize,
) -> Books<'a> {
    let sealed_until = days.last().copied();
    Books { archive, bank: year::BANK, sealed_until, today, threads }
}

fn open(folder: &Path) -> Archive {
    Archive::in_folder(folder.to_owned()).expect("the folder is writable")
}

/// Asks the system to forget what it keeps of these files in memory: `dd` of the coreutils does
/// so when it is told to read nothing without the cache.
fn forget(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            forget(&path);
            continue;
        }
        let mut dd = Command::new("dd");
        dd.arg(format!("if={}", path.display())).args(["iflag=nocache", "count=0", "status=none"]);
        let done = dd.status().is_ok_and(|status| status.success());
        assert!(done, "dd forgets {}", path.display());
    }
}
