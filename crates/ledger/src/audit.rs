//! Looking at entries that are in the books already: whoever verifies trusts nothing that decided
//! them.

use crate::book::Book;
use crate::entry::{Batch, InstitutionId, UnitId};

impl Book {
    /// The entries of a batch that do not balance per unit and institution (handbook 1.5): the
    /// position of each, where, and by how much, debit positive. Every line's account must exist.
    pub fn unbalanced(&self, batch: &Batch) -> Vec<(usize, UnitId, InstitutionId, i128)> {
        let heads = &self.accounts.heads;
        let mut found = Vec::new();
        let mut places: Vec<(UnitId, InstitutionId, i128)> = Vec::new();
        for at in 0..batch.len() {
            let lines = batch.lines(at);
            if let [a, b] = lines {
                let (one, two) = (&heads[a.account.index()], &heads[b.account.index()]);
                let together = (one.institution, one.unit) == (two.institution, two.unit);
                let on = !a.flags.is_off_balance() && !b.flags.is_off_balance();
                if on && together && a.effect() == -b.effect() {
                    continue;
                }
            }
            places.clear();
            for line in lines.iter().filter(|line| !line.flags.is_off_balance()) {
                let head = &heads[line.account.index()];
                let (unit, institution) = (head.unit, head.institution);
                let effect = i128::from(line.effect());
                match places.iter_mut().find(|place| (place.0, place.1) == (unit, institution)) {
                    Some(place) => place.2 += effect,
                    None => places.push((unit, institution, effect)),
                }
            }
            let off = places.iter().filter(|place| place.2 != 0);
            found.extend(off.map(|&(unit, institution, sum)| (at, unit, institution, sum)));
        }
        found
    }
}
