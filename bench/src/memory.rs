//! What an account takes: in the memory of a bank that has just opened it, of one that has been
//! recovered, and in an image of the state.

use crate::child::{Found, create, recover};
use crate::folder::Folder;
use crate::table::{Aim, Table, count, figure};

/// Bytes an account, where there are so many that what any bank takes does not count.
const AIM: Aim = Aim::AtMost(250.0, "");
const AIM_FROM: usize = 5_000_000;

/// What was found of one bank.
pub struct Taken {
    pub accounts: usize,
    created: Found,
    recovered: Found,
}

pub fn table(sizes: &[usize]) {
    let columns = [
        "accounts",
        "bytes an account, opened",
        "aim",
        "bytes an account, recovered",
        "aim",
        "image MB",
        "image written s",
        "snapshot stored s",
        "recovered s",
    ];
    let table = Table::begin("Memory and image, each in a process of its own", &columns);
    for accounts in sizes.iter().copied() {
        let taken = measure(accounts);
        let (opened, recovered) = (taken.opened_bytes(), taken.recovered_bytes());
        let aim = if accounts >= AIM_FROM { AIM } else { Aim::None };
        table.row(&[
            count(taken.accounts),
            figure(opened),
            aim.beside(opened),
            figure(recovered),
            aim.beside(recovered),
            figure(taken.created["image_bytes"] / 1e6),
            figure(taken.created["image_seconds"]),
            figure(taken.created["snapshot_seconds"]),
            figure(taken.recovered["seconds"]),
        ]);
    }
}

pub fn measure(accounts: usize) -> Taken {
    let folder = Folder::new("memory");
    let created = create(&folder.books(), accounts);
    let recovered = recover(&folder.books());
    Taken { accounts, created, recovered }
}

impl Taken {
    /// Resident bytes an account after opening them all, with what the allocator keeps.
    pub fn opened_bytes(&self) -> f64 {
        self.created["bytes"] / self.accounts as f64
    }

    /// The same after recovery from the snapshot.
    pub fn recovered_bytes(&self) -> f64 {
        self.recovered["bytes"] / self.accounts as f64
    }
}
