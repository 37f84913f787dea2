//! Rights for what is no matter (功能权限): which posts may read accounts, post entries from a
//! system, run the day. The functions are known here; who has them stands in the rulebook, and a
//! function that stands nowhere is nobody's.

use super::event::Standing;
use super::people::upwards;
use crate::state::State;
use ledger::book::Book;
use ledger::chart::Title;
use ledger::entry::InstitutionId;
use ledger::post::HEAD_OFFICE;
use schemars::JsonSchema;
use serde::Deserialize;

/// What may be done with the bank beside its matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// Customer and internal accounts, their balances and holds.
    AccountsRead,
    AccountsOpen,
    /// Status of an account, and its closing.
    AccountsChange,
    /// Entries and vouchers.
    EntriesRead,
    /// Entries as a system or a file hands them in.
    EntriesPost,
    EntriesCorrect,
    HoldsPlace,
    HoldsRelease,
    /// Statements of account, as a customer gets them.
    StatementsRead,
    /// Books of the ledger and the reports made from them.
    BooksRead,
    /// Opens and closes a business day, its institutions and steps.
    DayRun,
    /// Cash, stock and things, and where they are.
    CustodyRead,
    ParametersRead,
    /// Institutions, operators and the posts that they hold.
    OrganisationRead,
    /// Matters beyond those that one has or had a hand in.
    MattersReadAll,
    RulebookRead,
    /// The audit trail: who signed in, who read what.
    AuditRead,
    /// How the system does: queues, delays, days.
    MonitorRead,
    /// Hands in a rulebook's files; the matter that puts them in force has further hands.
    RulebookChange,
    /// Bearer tokens of systems.
    TokensManage,
    /// Hands out the one-time password after a reset was approved.
    CredentialsIssue,
    BackupRun,
}

use Function as F;

/// Every function with its code and its name in Chinese and English, in the order of [`Function`].
const FUNCTIONS: [(Function, &str, &str, &str); 22] = [
    (F::AccountsRead, "accounts.read", "查询账户", "read accounts"),
    (F::AccountsOpen, "accounts.open", "开立账户", "open accounts"),
    (F::AccountsChange, "accounts.change", "变更账户状态、销户", "change and close accounts"),
    (F::EntriesRead, "entries.read", "查询分录与凭证", "read entries and vouchers"),
    (F::EntriesPost, "entries.post", "记账（系统与文件）", "post entries of systems and files"),
    (F::EntriesCorrect, "entries.correct", "错账调整", "correct entries"),
    (F::HoldsPlace, "holds.place", "止付与冻结", "place holds"),
    (F::HoldsRelease, "holds.release", "解除止付与冻结", "release holds"),
    (F::StatementsRead, "statements.read", "查询对账单", "read statements of account"),
    (F::BooksRead, "books.read", "查询账簿与报表", "read books and reports"),
    (F::DayRun, "day.run", "营业日开启与日终", "open and close business days"),
    (F::CustodyRead, "custody.read", "查询实物", "read what is kept where"),
    (F::ParametersRead, "parameters.read", "查询参数", "read parameters"),
    (F::OrganisationRead, "organisation.read", "查询机构与柜员", "read institutions and operators"),
    (F::MattersReadAll, "matters.read_all", "查询他人事项", "read matters of others"),
    (F::RulebookRead, "rulebook.read", "查询规则库", "read the rulebook"),
    (F::AuditRead, "audit.read", "查询审计日志", "read the audit trail"),
    (F::MonitorRead, "monitor.read", "查看运行监控", "watch how the system does"),
    (F::RulebookChange, "rulebook.change", "提交规则库变更", "hand in changes of the rulebook"),
    (F::TokensManage, "tokens.manage", "管理系统令牌", "manage tokens of systems"),
    (F::CredentialsIssue, "credentials.issue", "发放一次性密码", "hand out one-time passwords"),
    (F::BackupRun, "backup.run", "备份", "make backups"),
];

impl Function {
    /// Every function.
    pub fn all() -> impl Iterator<Item = Self> {
        FUNCTIONS.iter().map(|(function, ..)| *function)
    }

    pub fn by_code(code: &str) -> Option<Self> {
        Self::all().find(|function| function.code() == code)
    }

    /// As the rulebook names it: `accounts.read`.
    pub fn code(self) -> &'static str {
        FUNCTIONS[self as usize].1
    }

    pub fn zh(self) -> &'static str {
        FUNCTIONS[self as usize].2
    }

    pub fn en(self) -> &'static str {
        FUNCTIONS[self as usize].3
    }
}

/// How far a post's function goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// 本机构及下属: where the post is held, and below.
    Own,
    /// 总行: the post counts only at the head office, and then everywhere.
    Head,
    /// 全行: wherever the post is held, everywhere.
    Any,
}

impl Reach {
    /// As the files write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Head => "head",
            Self::Any => "any",
        }
    }
}

/// Who has a function, as the rulebook says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub title: Title,
    pub posts: Vec<String>,
    pub at: Reach,
}

/// Where an operator has a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Everywhere,
    /// At these institutions and those below them: in order, none twice.
    Below(Vec<InstitutionId>),
}

impl Scope {
    pub fn covers(&self, book: &Book, institution: InstitutionId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Below(tops) => upwards(book, institution).any(|at| tops.contains(&at)),
        }
    }
}

/// Where an operator has a function today, by the posts held; `None`: nowhere.
pub fn scope(state: &State, operator: &str, function: Function) -> Option<Scope> {
    let access = state.rulebook.office.access.get(&function)?;
    let one = state.office.people.operators.get(operator)?;
    if one.standing != Standing::Active {
        return None;
    }
    let today = state.book.today;
    let held = one.held_on(today).filter(|grant| access.posts.contains(&grant.post));
    let mut tops: Vec<InstitutionId> = held.map(|grant| grant.institution).collect();
    tops.sort_unstable();
    tops.dedup();
    // All institutions lie below the head office.
    let at_head = tops.contains(&HEAD_OFFICE);
    match access.at {
        _ if tops.is_empty() => None,
        Reach::Any => Some(Scope::Everywhere),
        Reach::Own | Reach::Head if at_head => Some(Scope::Everywhere),
        Reach::Own => Some(Scope::Below(tops)),
        Reach::Head => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_stand_in_their_order_and_each_code_means_one() {
        for (at, (function, code, zh, en)) in FUNCTIONS.iter().enumerate() {
            assert_eq!(*function as usize, at, "{code}");
            assert_eq!(Function::by_code(code), Some(*function));
            assert!(!zh.is_ascii() && en.is_ascii(), "{code}");
        }
        assert_eq!(Function::by_code("accounts"), None);
    }
}
