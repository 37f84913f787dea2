//! The bank's calendar: statutory holidays and swapped working weekends (调休).

use crate::day::Day;
use std::collections::BTreeMap;

/// Days that differ from the plain week: `true` is a day off, `false` a working weekend.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    pub exceptions: BTreeMap<Day, bool>,
}
