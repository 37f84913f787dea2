//! Closing a day as the program does: institutions stop, interest is accrued on every account,
//! the day is proved from its blocks, sealed in a local folder, and rolled.

use crate::entries::{Draw, Entries};
use crate::folder::Folder;
use crate::hand_in::{IN_FLIGHT, hand_in};
use crate::setup::{BANK, bank};
use crate::table::{Aim, Table, count, figure};
use bank::{Answer, Command};
use engine::Engine;
use engine::close::close_day;
use engine::seal::ArchiveSeal;
use history::Archive;
use std::time::Instant;

const AIM: Aim = Aim::AtMost(5.0, " s");

/// Entries of a usual day, for a hundred accounts.
const ENTRIES_PER_HUNDRED: usize = 10;

/// A day that was closed.
pub struct Closed {
    pub entries: usize,
    /// Each part by its English name, in order.
    pub parts: Vec<(&'static str, f64)>,
}

pub fn table(accounts: usize) {
    let columns = ["part", "first day s", "usual day s"];
    let title = format!("Close of a day with interest accrual, {} accounts", count(accounts));
    let table = Table::begin(&title, &columns);
    let [first, usual] = measure(accounts);
    let entries = |day: &Closed| count(day.entries);
    table.row(&["entries of the day".to_owned(), entries(&first), entries(&usual)]);
    for ((part, first), (_, usual)) in first.parts.iter().zip(&usual.parts) {
        table.row(&[(*part).to_owned(), figure(*first), figure(*usual)]);
    }
    let total = |day: &Closed| format!("{} ({})", figure(day.total()), AIM.beside(day.total()));
    table.row(&["whole close".to_owned(), total(&first), total(&usual)]);
}

/// Closes a bank's first day, on which every account moves and whose seal holds the balances of
/// all, and the day after it, on which a tenth of them do.
pub fn measure(accounts: usize) -> [Closed; 2] {
    let folder = Folder::new("close");
    let archive = Archive::in_folder(folder.0.join("archive")).expect("a writable folder");
    let (engine, accounts) = bank(&folder.books(), accounts);
    let mut made = Entries::new(&accounts, Draw::Uniform, 7);
    let first = made.every_account(1_000_000);
    let entries = first.iter().map(ledger::Batch::len).sum();
    hand_in(&engine, first, IN_FLIGHT);
    let first = close(&engine, &archive, entries);
    let answer = engine.call(Command::OpenDay { day: None });
    let Ok(Answer::Day(day)) = answer else { panic!("the next day opens: {answer:?}") };
    made.day = day;
    let usual = made.batches(accounts.len() / 100 * ENTRIES_PER_HUNDRED);
    let entries = usual.iter().map(ledger::Batch::len).sum();
    hand_in(&engine, usual, IN_FLIGHT);
    [first, close(&engine, &archive, entries)]
}

fn close(engine: &Engine, archive: &Archive, entries: usize) -> Closed {
    let mut begun: Vec<(&'static str, Instant)> =
        vec![("every institution signs off", Instant::now())];
    let mut seal = ArchiveSeal { archive, bank: BANK, engine };
    let certificate = close_day(engine, "bench", None, &mut seal, |_, part| {
        begun.push((part, Instant::now()));
    });
    certificate.expect("the day closes");
    let ends = begun.iter().skip(1).map(|(_, at)| *at).chain([Instant::now()]);
    let parts = begun.iter().zip(ends).map(|((part, at), end)| (*part, (end - *at).as_secs_f64()));
    Closed { entries, parts: parts.collect() }
}

impl Closed {
    pub fn total(&self) -> f64 {
        self.parts.iter().map(|(_, seconds)| seconds).sum()
    }

    pub fn part(&self, name: &str) -> f64 {
        self.parts.iter().filter(|(part, _)| *part == name).map(|(_, seconds)| seconds).sum()
    }
}
