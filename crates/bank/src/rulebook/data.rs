//! Tables that others publish and that are kept as they came: the State Council's holiday notices
//! (`calendar/<year>.json`, MIT) and ISO 4217 (`iso4217/codes-all.csv`, ODC-PDDL); and the mission,
//! the list of duties that files serve (`mission.csv`).

use super::error::Report;
use ledger::calendar::Calendar;
use ledger::chart::Title;
use ledger::day::Day;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A currency of ISO 4217.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    /// Alphabetic code: `CNY`.
    pub code: String,
    /// Numeric code: `156`.
    pub number: String,
    pub title_en: String,
    /// Decimal digits of the minor unit; none for metals, test codes and withdrawn currencies.
    pub digits: Option<u8>,
    /// 已退出流通: when, as the table says it (`2023-01`, `1989 to 1990`); empty if it is current.
    pub withdrawn: String,
}

/// A duty of the mission (职责).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Where the duty stands in the documents that it was read from: `A.四.1b`.
    pub reference: String,
    pub title: Title,
    /// None for a row that records a gap in the documents.
    pub modules: Vec<String>,
    /// 1 the bank's own; 2 other documents of banks; 3 of groups; 4 of other trades.
    pub tier: u8,
    /// Records, flows, engines and reports that serve it.
    pub needs: String,
}

pub(super) fn is_data(path: &str) -> bool {
    is_notice(path) || is_currencies(path) || is_mission(path)
}

fn is_mission(path: &str) -> bool {
    path == "mission.csv"
}

fn is_notice(path: &str) -> bool {
    path.starts_with("calendar/") && path.ends_with(".json")
}

fn is_currencies(path: &str) -> bool {
    path == "iso4217/codes-all.csv"
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Notice {
    #[serde(rename = "$schema", default)]
    _schema: String,
    #[serde(rename = "$id", default)]
    _id: String,
    year: i16,
    /// Addresses of the notices; none if the year has not been announced.
    papers: Vec<String>,
    days: Vec<NoticeDay>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NoticeDay {
    #[serde(rename = "name")]
    _name: String,
    date: Day,
    is_off_day: bool,
}

/// The calendar of all announced years; a later notice overrides an earlier one.
pub(super) fn calendar(files: &[(String, String)], report: &mut Report) -> Calendar {
    let mut notices = BTreeMap::new();
    for (at, (_, text)) in files.iter().enumerate().filter(|(_, (path, _))| is_notice(path)) {
        match serde_json::from_str::<Notice>(text) {
            Ok(notice) if notice.papers.is_empty() && notice.days.is_empty() => {}
            Ok(notice) => drop(notices.insert(notice.year, (at, notice))),
            Err(error) => {
                let zh = format!("节假日文件无法读取：{error}");
                let en = format!("the holiday file cannot be read: {error}");
                report.at_line(at, (error.line(), error.column()), &zh, &en);
            }
        }
    }
    let mut calendar = Calendar::default();
    for (year, (at, notice)) in notices {
        let (first, last) = calendar.years.unwrap_or((year, year - 1));
        if last + 1 != year {
            let zh = format!("缺少 {} 年的节假日文件", last + 1);
            let en = format!("the holiday file of {} is missing", last + 1);
            report.whole_file(at, "CalendarGap", &zh, &en);
        }
        calendar.years = Some((first, year));
        calendar.exceptions.extend(notice.days.iter().map(|day| (day.date, day.is_off_day)));
    }
    calendar
}

/// ISO 4217 by alphabetic code. A code stands in the table once for each country that uses it or
/// used it; it is withdrawn only if no country has it any more.
pub(super) fn currencies(
    files: &[(String, String)],
    report: &mut Report,
) -> BTreeMap<String, Currency> {
    let mut currencies: BTreeMap<String, Currency> = BTreeMap::new();
    let Some(at) = files.iter().position(|(path, _)| is_currencies(path)) else {
        return currencies;
    };
    for (number, line) in files[at].1.lines().enumerate().skip(1) {
        let cells = cells(line);
        let [_, title, code, numeric, digits, withdrawn] = cells.as_slice() else {
            let zh = format!("应有 6 列，而有 {} 列", cells.len());
            let en = format!("a row has 6 cells, this has {}", cells.len());
            report.at_line(at, (number + 1, 1), &zh, &en);
            continue;
        };
        if code.is_empty() {
            continue;
        }
        let current = currencies.get(code).is_some_and(|known| known.withdrawn.is_empty());
        if current && !withdrawn.is_empty() {
            continue;
        }
        let currency = Currency {
            code: code.clone(),
            number: numeric.clone(),
            title_en: title.trim().to_owned(),
            digits: digits.parse().ok(),
            withdrawn: withdrawn.clone(),
        };
        currencies.insert(code.clone(), currency);
    }
    currencies
}

/// The mission by row number, 1 for `S1`; none if there is no list.
pub(super) fn mission(files: &[(String, String)], report: &mut Report) -> BTreeMap<u32, Duty> {
    let mut mission = BTreeMap::new();
    let Some(at) = files.iter().position(|(path, _)| is_mission(path)) else { return mission };
    for (number, line) in files[at].1.lines().enumerate().skip(1) {
        let cells = cells(line);
        let row = match cells.as_slice() {
            [row, reference, zh, en, modules, tier, needs] => {
                let duty = tier.parse().ok().map(|tier| Duty {
                    reference: reference.clone(),
                    title: Title { zh: zh.clone(), en: en.clone() },
                    modules: modules
                        .split('/')
                        .filter(|one| !one.is_empty())
                        .map(Into::into)
                        .collect(),
                    tier,
                    needs: needs.clone(),
                });
                row_number(row).zip(duty)
            }
            _ => None,
        };
        let fresh = row.is_some_and(|(row, duty)| mission.insert(row, duty).is_none());
        if !fresh {
            let zh = "应有 7 列：不重复的任务行（如 S97）、出处、中文、英文、模块、层级、所需";
            let en = "a row has 7 cells: a row like S97 given once, reference, zh, en, modules, \
                      tier, needs";
            report.at_line(at, (number + 1, 1), zh, en);
        }
    }
    mission
}

/// 97 of S97.
pub(super) fn row_number(row: &str) -> Option<u32> {
    let digits = row.strip_prefix('S')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

/// The cells of a CSV line; a quoted cell may hold commas and doubled quotes.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("there is always a cell");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                cell.push('"');
                letters.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::cells;

    #[test]
    fn quoted_cells_hold_commas_and_quotes() {
        assert_eq!(cells("a,,b"), ["a", "", "b"]);
        assert_eq!(cells(r#""X, OF","the ""S""",1"#), ["X, OF", r#"the "S""#, "1"]);
    }
}
