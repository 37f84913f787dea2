//! The register of corrections (错账调整登记簿), with what the entries themselves say.

use crate::reports::Source;
use history::report::{Cause, CorrectionRow};
use ledger::Batch;

impl Source {
    /// Every correction filed, with day, place and amount from the entries it names.
    pub fn corrections(&mut self) -> anyhow::Result<Vec<CorrectionRow>> {
        let filed = self.book().corrections.clone();
        let mut rows = Vec::with_capacity(filed.len());
        for one in filed {
            let (Some(wrong), Some(undo)) = (self.entry(one.original)?, self.entry(one.undo)?)
            else {
                continue;
            };
            let first = wrong.lines(0)[0].account;
            rows.push(CorrectionRow {
                day: undo.header(0).business_date,
                institution: wrong.header(0).institution,
                unit: self.book().accounts.heads[first.index()].unit,
                wrong: one.original,
                wrong_day: wrong.header(0).business_date,
                method: undo.header(0).kind,
                reversal: one.undo,
                rebook: one.rebook,
                amount: debits(&wrong),
                cause: cause(&one.class),
                reason: one.cause.into(),
                applicant: one.applicant.into(),
                verifier: one.verifier.into(),
                approver: one.approver.into(),
                poster: one.poster.into(),
                notice: one.notice.into(),
            });
        }
        Ok(rows)
    }
}

/// What an entry moves: its debits, without the lines that only complete it.
fn debits(entry: &Batch) -> i64 {
    let own = entry.lines(0).iter().filter(|line| !line.flags.is_completion());
    own.filter(|line| !line.flags.is_credit()).map(|line| line.amount).sum()
}

fn cause(class: &str) -> Cause {
    match class {
        "system" => Cause::System,
        "operator" => Cause::Operator,
        "customer" => Cause::Customer,
        _ => Cause::Other,
    }
}
