//! How figures grow with entries and with accounts: what stays flat, and what does not.

use crate::Options;
use crate::entries::Draw;
use crate::folder::Folder;
use crate::setup::ACCOUNTS;
use crate::table::{Table, count, figure};
use crate::{bulk, close, memory, recovery, today};

const ENTRIES: [usize; 3] = [100_000, 1_000_000, 10_000_000];
const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];

pub fn run(options: &Options) {
    entries(options.entries.unwrap_or(ENTRIES[2]));
    accounts(options.accounts.unwrap_or(SIZES[2]));
}

fn entries(most: usize) {
    let columns = [
        "entries",
        "posted, entries/s",
        "recovery s",
        "verify s",
        "trial balance of the open day s",
        "journal bytes an entry",
        "file MB",
    ];
    let title = format!("Growth with entries, SQLite, {} accounts", count(ACCOUNTS));
    let table = Table::begin(&title, &columns);
    for entries in ENTRIES.into_iter().filter(|entries| *entries <= most) {
        let folder = Folder::new("growth");
        let address = folder.books();
        let posted = bulk::post(&folder, &address, Draw::Uniform, entries);
        let recovered = recovery::recover(&address);
        let (_, verified) = recovery::check(&address);
        let follower = recovery::follow(&address);
        let balance = today::trial_balance(&address, &follower.state().book);
        let file = std::fs::metadata(&address).expect("the file was just written").len();
        table.row(&[
            count(posted.entries),
            figure(posted.rate),
            figure(recovered.seconds()),
            figure(verified),
            figure(balance.read + balance.decode + balance.sum),
            figure(posted.bytes),
            figure(file as f64 / 1e6),
        ]);
    }
}

fn accounts(most: usize) {
    let columns = [
        "accounts",
        "bytes an account, opened",
        "bytes an account, recovered",
        "accrual s",
        "close of the first day s",
        "close of a usual day s",
    ];
    let table = Table::begin("Growth with accounts, SQLite", &columns);
    for accounts in SIZES.into_iter().filter(|accounts| *accounts <= most) {
        let taken = memory::measure(accounts);
        let [first, usual] = close::measure(accounts);
        table.row(&[
            count(accounts),
            figure(taken.opened_bytes()),
            figure(taken.recovered_bytes()),
            figure(usual.part(ledger::close::Step::Accrue.en())),
            figure(first.total()),
            figure(usual.total()),
        ]);
    }
}
