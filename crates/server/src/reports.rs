//! The reports by name, and what each is filled with.

mod accounts;
mod corrections;
mod declared;
mod fill;
mod ledger_rows;
mod newest;
pub mod office;
mod source;

use crate::refusal;
use ledger::Refusal;

pub use fill::{is_within, table};
pub use newest::Posted;
pub use source::{Source, Stop, excerpt};

/// A report that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    DailySubjectSummary,
    DailyStatement,
    GeneralLedger,
    AccountLedger,
    BalanceList,
    BusinessStatus,
    TrialBalance,
    SubjectBalances,
    BalanceSheet,
    IncomeStatement,
    OffBalanceList,
    SuspenseAgeing,
    SuspenseItems,
    CorrectionRegister,
    GlSubledgerCheck,
    AnomalyList,
}

impl Report {
    pub const ALL: [Self; 16] = [
        Self::DailySubjectSummary,
        Self::DailyStatement,
        Self::GeneralLedger,
        Self::AccountLedger,
        Self::BalanceList,
        Self::BusinessStatus,
        Self::TrialBalance,
        Self::SubjectBalances,
        Self::BalanceSheet,
        Self::IncomeStatement,
        Self::OffBalanceList,
        Self::SuspenseAgeing,
        Self::SuspenseItems,
        Self::CorrectionRegister,
        Self::GlSubledgerCheck,
        Self::AnomalyList,
    ];

    /// English name, Chinese name, other names.
    pub fn names(self) -> (&'static str, &'static str, &'static [&'static str]) {
        match self {
            Self::DailySubjectSummary => ("daily-subject-summary", "科目日结单", &[]),
            Self::DailyStatement => ("daily-statement", "日计表", &[]),
            Self::GeneralLedger => ("general-ledger", "总账", &[]),
            Self::AccountLedger => ("account-ledger", "分户账", &["账页", "account-book"]),
            Self::BalanceList => ("balance-list", "余额表", &[]),
            Self::BusinessStatus => {
                ("business-status", "业务状况表", &["业务状况报告表", "月计表"])
            }
            Self::TrialBalance => ("trial-balance", "试算平衡表", &[]),
            Self::SubjectBalances => ("subject-balances", "科目余额表", &[]),
            Self::BalanceSheet => ("balance-sheet", "资产负债表", &[]),
            Self::IncomeStatement => ("income-statement", "利润表", &[]),
            Self::OffBalanceList => ("off-balance-list", "表外科目余额表", &[]),
            Self::SuspenseAgeing => ("suspense-ageing", "内部账户账龄表", &["内部账户挂账账龄表"]),
            Self::SuspenseItems => ("suspense-items", "内部账户挂账明细", &["挂账明细"]),
            Self::CorrectionRegister => ("correction-register", "错账调整登记簿", &[]),
            Self::GlSubledgerCheck => ("gl-subledger-check", "总分核对报告", &["总分核对"]),
            Self::AnomalyList => ("anomaly-list", "异常账务清单", &[]),
        }
    }

    /// What it can be asked for with, as the interface spells it.
    pub fn takes(self) -> &'static [&'static str] {
        match self {
            Self::DailySubjectSummary | Self::BalanceList => {
                &["day", "institution", "unit", "subject"]
            }
            Self::DailyStatement => &["day", "institution", "unit", "level"],
            Self::GeneralLedger => &["from", "to", "institution", "unit", "subject"],
            Self::AccountLedger => &["from", "to", "account"],
            Self::BusinessStatus | Self::TrialBalance => {
                &["from", "to", "institution", "unit", "level"]
            }
            Self::SubjectBalances => &["from", "to", "institution", "unit", "subject", "level"],
            Self::BalanceSheet | Self::IncomeStatement | Self::OffBalanceList => {
                &["from", "to", "institution", "unit"]
            }
            Self::SuspenseAgeing | Self::SuspenseItems => {
                &["day", "institution", "unit", "account"]
            }
            Self::CorrectionRegister => &["from", "to", "institution"],
            Self::GlSubledgerCheck | Self::AnomalyList => &["day", "institution", "unit"],
        }
    }

    /// What it cannot be made without.
    pub fn needs(self) -> &'static [&'static str] {
        match self {
            Self::GeneralLedger => &["subject"],
            Self::AccountLedger => &["account"],
            _ => &[],
        }
    }

    pub fn by_name(name: &str) -> Result<Self, Refusal> {
        let fits = |report: &Self| {
            let (english, chinese, others) = report.names();
            name == english || name == chinese || others.contains(&name)
        };
        Self::ALL.into_iter().find(fits).ok_or_else(|| {
            let names = Self::ALL.map(Self::names);
            let (zh, en) = (names.map(|names| names.1), names.map(|names| names.0));
            refusal::unknown_report(name, &zh.join("、"), &en.join(", "))
        })
    }
}
