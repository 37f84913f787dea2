//! Dated numbers: parsed from text, never through a binary fraction.

use super::NumberInfo;
use super::error::{Place, Report};
use super::file::{Definition, Entry, Figure, Measure, NumberRow, title};
use ledger::day::Day;
use ledger::number::{Decimal, Numbers, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Decimals that a value may have; what computes with rates relies on it.
const DECIMALS_MAX: u32 = 12;

/// All numbers, and what each is called.
pub(super) fn build(
    files: &[&Definition],
    report: &mut Report,
) -> (Numbers, BTreeMap<String, NumberInfo>) {
    let mut numbers = Numbers::default();
    let mut infos = BTreeMap::new();
    let carried = carried(files);
    for file in files {
        let Entry::Number(body) = &file.body else { continue };
        for row in &body.number {
            let code = row.code.get_ref().clone();
            let title = title(&row.zh, &row.en);
            report.title(file.at(&row.code), &title);
            report.not_empty(file.at(&row.code), &code, "code");
            let fixed = carried.contains(code.as_str());
            let info = NumberInfo { title, measure: row.unit, file: file.path.clone(), fixed };
            if infos.insert(code.clone(), info).is_some() {
                report.duplicate(file.at(&row.code), &code);
            }
            numbers.by_code.insert(code, values(file, row, report));
        }
    }
    (numbers, infos)
}

/// Numbers that the books took once: limits of kinds of account, and what each blank voucher in
/// stock is booked at.
fn carried<'a>(files: &[&'a Definition]) -> BTreeSet<&'a str> {
    let kinds = files.iter().filter_map(|file| match &file.body {
        Entry::AccountKind(body) => Some(&body.account_kind),
        _ => None,
    });
    let limits = kinds.flatten().filter_map(|row| row.overdraft_limit.as_ref());
    limits.map(|code| code.get_ref().as_str()).chain(["gl.voucher_notional"]).collect()
}

fn values(file: &Definition, row: &NumberRow, report: &mut Report) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::with_capacity(row.value.len());
    if row.value.is_empty() {
        let zh = "至少要有一个值";
        report.add(file.at(&row.code), "WrongValue", zh, "a number has at least one value");
    }
    for value in &row.value {
        report.not_empty(file.at(&value.source), value.source.get_ref(), "source");
        let place = file.at(&value.from);
        let Ok(from) = value.from.get_ref().parse::<Day>() else {
            let zh = format!("{} 不是日期，应写作 2026-01-05", value.from.get_ref());
            let en = format!("{} is not a date like 2026-01-05", value.from.get_ref());
            report.add(place, "WrongValue", zh, en);
            continue;
        };
        if values.last().is_some_and(|last| last.from >= from) {
            let (zh, en) = ("日期必须逐个递增", "dates must ascend");
            report.add(place, "DatesNotAscending", zh, en);
        }
        let place = file.at(&value.is);
        let Some(is) = figure(value.is.get_ref(), row.unit, place, report) else { continue };
        values.push(Value { from, is, source: value.source.get_ref().clone() });
    }
    values
}

/// Reads "0.05%", "7.1" or 360. A rate carries its percent sign and nothing else does, so that
/// 0.05% is never taken for 5%.
fn figure(figure: &Figure, measure: Measure, place: Place, report: &mut Report) -> Option<Decimal> {
    let text = match figure {
        Figure::Whole(whole) => whole.to_string(),
        Figure::Text(text) => text.clone(),
        Figure::Binary(_) => {
            let zh = "小数请加引号书写，如 \"0.05%\"";
            report.add(place, "WrongValue", zh, "write a decimal in quotes, like \"0.05%\"");
            return None;
        }
    };
    let is = measure.read(&text);
    is.map_err(|(zh, en)| {
        let code = if text.starts_with('-') { "NegativeNumber" } else { "WrongValue" };
        report.add(place, code, zh, en);
    })
    .ok()
}

impl Measure {
    /// A value as people write it: with a percent sign if it is a rate or a share, as 09:30 if it
    /// is a time. The error says what is wrong, in Chinese and English.
    pub fn read(self, text: &str) -> Result<Decimal, (String, String)> {
        let said = |zh: &str, en: &str| Err((zh.to_owned(), en.to_owned()));
        if self == Self::Time {
            let minutes = crate::office::clock::minutes(text);
            let minutes = minutes.ok_or(("时刻应写作 09:30", "a time is written as 09:30"));
            return minutes.map(Decimal::from).or_else(|(zh, en)| said(zh, en));
        }
        let (plain, percent) = match text.strip_suffix('%') {
            Some(plain) => (plain, true),
            None => (text, false),
        };
        if percent != matches!(self, Self::Rate | Self::Share) {
            let zh = "利率和比例要带 %，其他数值不带";
            return said(zh, "rates and shares carry a %, other numbers do not");
        }
        let Some(mut is) = decimal(plain) else {
            return Err((
                format!("{text} 不是数值；最多 {DECIMALS_MAX} 位小数"),
                format!("{text} is not a number with {DECIMALS_MAX} decimals at most"),
            ));
        };
        if percent {
            is /= Decimal::ONE_HUNDRED;
        }
        if is < Decimal::ZERO {
            return said("数值不能为负", "a number is not negative");
        }
        if self == Self::Price && is.is_zero() {
            return said("汇率必须大于零", "a price is above zero");
        }
        Ok(is)
    }

    /// A value as people write it.
    pub fn shown(self, is: Decimal) -> String {
        match self {
            Self::Time => {
                let minutes = i64::try_from(is).unwrap_or_default();
                format!("{:02}:{:02}", minutes / 60, minutes % 60)
            }
            Self::Rate | Self::Share => format!("{}%", (is * Decimal::ONE_HUNDRED).normalize()),
            _ => is.normalize().to_string(),
        }
    }
}

/// Digits with one point at most: no exponent, no separators, so that it reads as it is written.
fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let short = whole.len() <= 15 && fraction.len() <= DECIMALS_MAX as usize - 2;
    (is_digits(whole) && is_digits(fraction) && short).then(|| text.parse().ok())?
}
