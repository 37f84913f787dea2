//! The units that the bank keeps accounts in: currencies of ISO 4217, and things that are counted.

use super::data::Currency;
use super::error::Report;
use super::file::{CurrencyRow, Definition, Entry, title};
use super::spot::Spanned;
use ledger::chart::{Title, Unit};
use ledger::entry::UnitId;
use std::collections::{BTreeMap, BTreeSet};

/// Digits beyond which an `i64` no longer holds a bank's sums.
const DIGITS_MAX: u8 = 6;

/// All units in order of their files, and the one that the bank reports in.
pub(super) fn build(
    files: &[&Definition],
    currencies: &BTreeMap<String, Currency>,
    report: &mut Report,
) -> (Vec<Unit>, Option<UnitId>) {
    let mut units: Vec<Unit> = Vec::new();
    let mut bases = Vec::new();
    let mut codes = BTreeSet::new();
    for file in files {
        let Entry::Units(body) = &file.body else { continue };
        bases.push((*file, &body.base));
        for row in &body.currency {
            units.extend(currency(file, row, currencies, report));
            check_code(file, &row.code, &mut codes, report);
        }
        for row in &body.thing {
            let (code, title) = (row.code.get_ref().as_str().into(), title(&row.zh, &row.en));
            report.title(file.at(&row.code), &title);
            check_code(file, &row.code, &mut codes, report);
            units.push(Unit { code, title, digits: row.digits.min(DIGITS_MAX), is_thing: true });
        }
    }
    let base = bases.first().and_then(|(_, base)| {
        let mut units = units.iter();
        units.position(|unit| &*unit.code == base.get_ref().as_str() && !unit.is_thing)
    });
    match bases.as_slice() {
        [] => report.nowhere("BaseUnitMissing", "没有币种文件", "there is no file of units"),
        [(file, code)] if base.is_none() => {
            report.unknown(file.at(code), ("本位币", "base currency"), code.get_ref());
        }
        [_] => {}
        [_, (file, base), ..] => {
            let (zh, en) = ("本位币只能定义一次", "the base currency is named twice");
            report.add(file.at(base), "DuplicateCode", zh, en);
        }
    }
    (units, base.and_then(|at| u16::try_from(at).ok()).map(UnitId))
}

fn check_code(
    file: &Definition,
    code: &Spanned<String>,
    codes: &mut BTreeSet<String>,
    report: &mut Report,
) {
    report.not_empty(file.at(code), code.get_ref(), "code");
    if !codes.insert(code.get_ref().clone()) {
        report.duplicate(file.at(code), code.get_ref());
    }
}

/// A currency with the name and digits of ISO 4217. Withdrawn ones have no digits there (and books
/// may still hold them), so the row gives them, and the title says that they are withdrawn.
fn currency(
    file: &Definition,
    row: &CurrencyRow,
    currencies: &BTreeMap<String, Currency>,
    report: &mut Report,
) -> Option<Unit> {
    let code = row.code.get_ref();
    let place = file.at(&row.code);
    let known = currencies.get(code);
    if known.is_none() && (!currencies.is_empty() || row.digits.is_none()) {
        report.unknown(place, ("ISO 4217 币种", "ISO 4217 currency"), code);
        return None;
    }
    let listed = known.and_then(|known| known.digits);
    let digits = match (listed, row.digits) {
        (Some(listed), None) => listed,
        (Some(listed), Some(given)) if listed == given => listed,
        (Some(listed), Some(_)) => {
            let zh = format!("ISO 4217 规定 {code} 为 {listed} 位小数");
            let en = format!("ISO 4217 gives {code} {listed} digits");
            report.add(place, "WrongValue", zh, en);
            listed
        }
        (None, Some(given)) if given <= DIGITS_MAX => given,
        (None, _) => {
            let zh = format!("ISO 4217 没有 {code} 的小数位数，请写 digits（0 至 {DIGITS_MAX}）");
            let en = format!("ISO 4217 gives {code} no digits: say `digits`, 0 to {DIGITS_MAX}");
            report.add(place, "WrongValue", zh, en);
            return None;
        }
    };
    let listed_title = known.map(|known| known.title_en.clone());
    let mut title =
        Title { zh: row.zh.clone(), en: row.en.clone().or(listed_title).unwrap_or_default() };
    report.title(place, &title);
    if let Some(withdrawn) = known.map(|known| &known.withdrawn).filter(|date| !date.is_empty()) {
        title.zh = format!("{}（已退出流通 {withdrawn}）", title.zh);
        title.en = format!("{} (withdrawn {withdrawn})", title.en);
    }
    Some(Unit { code: code.as_str().into(), title, digits, is_thing: false })
}
