//! Putting a new rulebook in the place of one that the books already use. Heads and lines carry
//! positions, so a known code keeps its position, and what they rely on may not change.

use super::accounts::is_credit;
use super::error::{Place, Report, RuleError};
use ledger::chart::{AccountKind, Chart, SystemKinds, Terms};
use ledger::day::Day;
use ledger::entry::{KindId, SubjectId, Text, UnitId};
use std::collections::BTreeMap;

/// `new` in the positions of `old`; `files` are those of `new`, to say where an error is.
pub(super) fn merge(
    new: &Chart,
    old: &Chart,
    files: &[(String, String)],
) -> Result<Chart, Vec<RuleError>> {
    let mut report = Report::new(files);
    let subjects =
        Moves::of(&codes(&old.subjects, |one| &one.code), &codes(&new.subjects, |one| &one.code));
    let units = Moves::of(&codes(&old.units, |one| &one.code), &codes(&new.units, |one| &one.code));
    let kinds = Moves::of(&codes(&old.kinds, |one| &one.code), &codes(&new.kinds, |one| &one.code));
    for (moves, zh, en) in [
        (&subjects, "科目", "subject"),
        (&units, "币种或实物", "unit"),
        (&kinds, "账户种类", "kind of account"),
    ] {
        for code in &moves.removed {
            let zh = format!("{zh} {code} 已在使用，不能删除");
            let en = format!("{en} {code} is in use and cannot be removed");
            report.nowhere("CodeRemoved", zh, en);
        }
    }
    report.finish()?;
    let mut report = Report::new(files);
    check_unchanged(new, old, &mut report);
    report.finish()?;
    Ok(rearrange(new, &subjects, &units, &kinds))
}

/// `chart` with its codes in the order given; `None` if a code given is not there.
pub(super) fn in_order(chart: &Chart, order: &[Vec<String>; 3]) -> Option<Chart> {
    fn moves(order: &[String], codes: &[&str]) -> Option<Moves> {
        let order: Vec<&str> = order.iter().map(String::as_str).collect();
        let moves = Moves::of(&order, codes);
        moves.removed.is_empty().then_some(moves)
    }
    let subjects = moves(&order[0], &codes(&chart.subjects, |one| &one.code))?;
    let units = moves(&order[1], &codes(&chart.units, |one| &one.code))?;
    let kinds = moves(&order[2], &codes(&chart.kinds, |one| &one.code))?;
    Some(rearrange(chart, &subjects, &units, &kinds))
}

fn rearrange(new: &Chart, subjects: &Moves, units: &Moves, kinds: &Moves) -> Chart {
    let subject = |id: SubjectId| SubjectId(subjects.place[id.index()]);
    let kind = |id: KindId| KindId(kinds.place[id.index()]);
    let mut merged = new.clone();
    for one in &mut merged.subjects {
        one.parent = one.parent.map(subject);
    }
    for one in &mut merged.kinds {
        one.subject = subject(one.subject);
        one.terms = one.terms.take().map(|terms| Terms {
            expense: kind(terms.expense),
            payable: kind(terms.payable),
            income: kind(terms.income),
            receivable: kind(terms.receivable),
            due: terms.due.map(kind),
            ..terms
        });
    }
    subjects.apply(&mut merged.subjects);
    units.apply(&mut merged.units);
    kinds.apply(&mut merged.kinds);
    merged.system = SystemKinds {
        interbranch: kind(new.system.interbranch),
        exchange: kind(new.system.exchange),
        exchange_gain: kind(new.system.exchange_gain),
        year_profit: kind(new.system.year_profit),
        prior_year: kind(new.system.prior_year),
        undistributed: kind(new.system.undistributed),
        shortfall: kind(new.system.shortfall),
    };
    merged.base_unit = UnitId(units.place[new.base_unit.index()]);
    merged
}

fn codes<'a, T>(table: &'a [T], code: impl Fn(&'a T) -> &'a Text) -> Vec<&'a str> {
    table.iter().map(|one| &**code(one)).collect()
}

/// Where the rows of a new table go.
struct Moves {
    /// New position of each row.
    place: Vec<u16>,
    /// Codes that the new table no longer has.
    removed: Vec<String>,
}

impl Moves {
    fn of(old: &[&str], new: &[&str]) -> Self {
        let known: BTreeMap<&str, usize> = old.iter().copied().zip(0..).collect();
        let mut next = old.len()..;
        let place = new.iter().map(|code| match known.get(code) {
            Some(at) => *at,
            None => next.next().expect("positions do not end"),
        });
        let place = place.map(|at| u16::try_from(at).expect("a table is below 65,536 rows"));
        let place = place.collect();
        let removed = old.iter().filter(|code| !new.contains(code));
        Self { place, removed: removed.map(|code| (*code).to_owned()).collect() }
    }

    fn apply<T>(&self, rows: &mut Vec<T>) {
        let mut placed: Vec<(u16, T)> =
            self.place.iter().copied().zip(std::mem::take(rows)).collect();
        placed.sort_by_key(|(place, _)| *place);
        rows.extend(placed.into_iter().map(|(_, row)| row));
    }
}

/// Refuses values that begin before `first` and are not those of `old`: what has been earned,
/// revalued and checked by them stays as it was.
pub(super) fn check_past(
    new: &Chart,
    old: &Chart,
    first: Day,
    files: &[(String, String)],
) -> Result<(), Vec<RuleError>> {
    let mut report = Report::new(files);
    let past = |chart: &Chart, code: &str| {
        let values = chart.numbers.by_code.get(code).into_iter().flatten();
        let past = values.filter(|value| value.from < first);
        past.map(|value| (value.from, value.is)).collect::<Vec<_>>()
    };
    let mut changed = |code: &str, zh: String, en: String| match find(&report, code) {
        Some(place) => report.add(place, "PastChanged", zh, en),
        None => report.nowhere("PastChanged", zh, en),
    };
    for code in old.numbers.by_code.keys().filter(|code| past(new, code) != past(old, code)) {
        let zh = format!("参数 {code} 在 {first} 以前的值已在使用，不能更改；请增加新值");
        let en = format!("values of {code} before {first} are in use: add a new one instead");
        changed(code, zh, en);
    }
    for one in &old.kinds {
        let now = new.kind_by_code(&one.code).and_then(|id| new.kind(id).terms.as_ref());
        let (Some(was), Some(now)) = (&one.terms, now) else { continue };
        let rates = [(&was.rate, &now.rate), (&was.overdraft_rate, &now.overdraft_rate)];
        let moved = rates.into_iter().find(|(was, now)| past(old, was) != past(new, now));
        if let Some((was, now)) = moved.filter(|(was, now)| was != now) {
            let code = &one.code;
            let zh = format!("{code} 改用利率 {now}，其 {first} 以前的值须与 {was} 相同");
            let en = format!("{code} turns to {now}, which must be {was} before {first}");
            changed(code, zh, en);
        }
    }
    report.finish()
}

/// What heads, lines and products were made under.
fn check_unchanged(new: &Chart, old: &Chart, report: &mut Report) {
    let mut changed = |code: &str, zh: &str, en: &str| {
        let place = find(report, code);
        let zh = format!("{code} 的{zh}已在使用，不能更改");
        let en = format!("the {en} of {code} is in use and cannot change");
        match place {
            Some(place) => report.add(place, "CodeChanged", zh, en),
            None => report.nowhere("CodeChanged", zh, en),
        }
    };
    let (base, was) = (&new.unit(new.base_unit).code, &old.unit(old.base_unit).code);
    if base != was {
        changed(base, "本位币地位", "base currency");
    }
    for one in &old.subjects {
        let now = new.subject_by_code(&one.code).map(|id| new.subject(id));
        if now.is_some_and(|now| now.class != one.class) {
            changed(&one.code, "类别", "class");
        }
    }
    for one in &old.units {
        let now = new.unit_by_code(&one.code).map(|id| new.unit(id));
        if now.is_some_and(|now| (now.digits, now.is_thing) != (one.digits, one.is_thing)) {
            changed(&one.code, "小数位数或性质", "digits or nature");
        }
    }
    for one in &old.kinds {
        let now = new.kind_by_code(&one.code).map(|id| new.kind(id));
        if now.is_some_and(|now| relied_on(new, now) != relied_on(old, one)) {
            changed(
                &one.code,
                "科目、归属、挂销账、方向或计息方法",
                "subject, owner, items or side",
            );
        }
    }
}

/// What the accounts of a kind are kept by.
fn relied_on<'a>(chart: &'a Chart, kind: &AccountKind) -> impl PartialEq + use<'a> {
    let subject = chart.subject(kind.subject);
    let terms = kind.terms.as_ref();
    let method = terms.map(|terms| (terms.method, terms.basis, terms.rate_change));
    (&*subject.code, kind.internal, kind.open_item, is_credit(kind, subject), method)
}

/// The first place that a code is written in.
fn find(report: &Report, code: &str) -> Option<Place> {
    report.find(&format!("code = \"{code}\""))
}
