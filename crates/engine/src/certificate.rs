//! What a close certificate says, computed the same way when a day closes and when the journal
//! is verified: the general ledger rolled up from lines against the account heads.

use crate::roll::{Roll, accounts_digest, from_accounts, gl_digest};
use bank::State;
use bank::office::proof;
use ledger::book::Book;
use ledger::close::{Certificate, Check, UnitTotal};
use ledger::gl::{GlKey, GlRow};
use std::collections::BTreeMap;

/// Which blocks a day has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayBlocks {
    pub first_seq: u64,
    pub last_seq: u64,
    pub last_hash: [u8; 32],
}

/// Draws up the certificate of the bank's day from its lines (`roll`), its heads and its things.
pub fn draw_up(state: &State, roll: &Roll, blocks: DayBlocks) -> Certificate {
    let book = &state.book;
    let rows = roll.rows();
    let totals = roll.totals(book);
    let mut checks = vec![debit_credit(book, roll), gl_accounts(book, &rows)];
    checks.push(opening(book, &rows));
    checks.extend(book.checks());
    checks.push(proof::certified(&state.office, &state.rulebook.office, book));
    Certificate {
        day: book.today,
        first_seq: blocks.first_seq,
        last_seq: blocks.last_seq,
        chain: ledger::hex(&blocks.last_hash),
        entries: roll.entries,
        lines: roll.lines,
        totals: totals
            .iter()
            .map(|(unit, (debit, credit))| UnitTotal {
                unit: book.chart.unit(*unit).code.to_string(),
                debit: debit.to_string(),
                credit: credit.to_string(),
            })
            .collect(),
        gl_digest: gl_digest(&rows),
        accounts_digest: accounts_digest(book),
        checks,
        steps: book.steps.clone(),
    }
}

/// Σ debit turnover = Σ credit turnover per unit.
fn debit_credit(book: &Book, roll: &Roll) -> Check {
    let totals = roll.totals(book);
    let off = totals.iter().filter(|(_, (debit, credit))| debit != credit);
    let off = off
        .map(|(unit, (debit, credit))| format!("{} {debit} {credit}", book.chart.unit(*unit).code));
    verdict("debit_credit", off.collect(), format!("{} lines", roll.lines))
}

/// 总分核对: the general ledger by lines = Σ accounts by heads, turnover and closing.
fn gl_accounts(book: &Book, rows: &[GlRow]) -> Check {
    let heads = from_accounts(book);
    let mut lines: BTreeMap<GlKey, (i128, i128, i128)> =
        rows.iter().map(|row| (row.key, (row.debit, row.credit, row.closing))).collect();
    lines.retain(|_, sums| *sums != (0, 0, 0));
    let keys: std::collections::BTreeSet<_> = heads.keys().chain(lines.keys()).copied().collect();
    let off = keys.iter().filter(|key| heads.get(key) != lines.get(key)).map(|key| {
        format!(
            "{} {} {}",
            book.institution(key.institution).code,
            book.chart.unit(key.unit).code,
            book.chart.subject(key.subject).code
        )
    });
    verdict("gl_accounts", off.collect(), format!("{} rows", keys.len()))
}

/// 上日余额 = 今日期初: the opening rows are those that the last certificate sealed.
fn opening(book: &Book, rows: &[GlRow]) -> Check {
    let Some(last) = &book.certificate else {
        return verdict("opening", Vec::new(), "first day".to_owned());
    };
    let yesterday: Vec<GlRow> =
        rows.iter().map(|row| GlRow { closing: row.opening, ..*row }).collect();
    let same = gl_digest(&yesterday) == last.gl_digest;
    let off = if same { Vec::new() } else { vec![last.day.to_string()] };
    verdict("opening", off, last.day.to_string())
}

fn verdict(code: &str, off: Vec<String>, found: String) -> Check {
    let passed = off.is_empty();
    let found =
        if passed { found } else { off.into_iter().take(10).collect::<Vec<_>>().join("; ") };
    Check { code: code.into(), passed, found }
}
