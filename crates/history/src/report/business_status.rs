//! 业务状况报告表 (月计表): the state of business over a month or any other period.
//!
//! Opening balance, turnover and closing balance of each subject on both sides, with a subtotal
//! for each class of subjects (资产类, 负债类 …) and the proof of the totals. Made from the general
//! ledger of the period.

use super::positions::{Groups, Of, SixColumns, six_columns};
use super::{Level, Period, Scope, labels};
use crate::table::Table;
use ledger::gl::GlRow;

pub fn business_status(scope: &Scope, period: Period, rows: &[GlRow], level: Level) -> Table {
    let form = SixColumns {
        title: labels::BUSINESS_STATUS,
        titles: labels::SIX_SIDES,
        level,
        groups: Groups::ByClass,
        of: Of::All,
    };
    six_columns(scope, period, rows, form)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::text;
    use crate::report::sample;
    use crate::table::Lang;
    use ledger::day::Day;

    #[test]
    fn each_class_has_its_subtotal() {
        let (chart, institutions) = (sample::chart(), sample::institutions());
        let scope = sample::scope(&chart, &institutions);
        let period = Period { from: Day::new(2026, 3, 1), to: Day::new(2026, 3, 31) };
        let table = business_status(&scope, period, &sample::ledger(&chart), Level::Second);
        insta::assert_snapshot!(text::render(&table, Lang::Zh, 160));
    }
}
