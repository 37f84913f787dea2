//! Saying no: a refusal is the bank's answer, made only by the constructors of this file, one
//! place where the code, the Chinese and the English sentence stand side by side.

use crate::account::Status;
use crate::day::Day;
use crate::entry::{EntryNo, ItemId, Key};
use crate::money::display;
use Again::{Later, Never, WhenFactsChange};
use rust_decimal::Decimal;
use std::fmt;

/// Whether the same request may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// The request itself is wrong.
    Never,
    /// It may succeed when the facts change: a balance, a status, an open day.
    WhenFactsChange,
    /// Nothing is wrong with it: try again.
    Later,
}

/// A refused request: nothing was changed by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable, never reused: `AccountFrozen`, `Unbalanced`.
    pub code: &'static str,
    pub zh: String,
    pub en: String,
    /// The field of the request at fault, as the request spells it: `lines[1].account`.
    pub field: String,
    pub again: Again,
}

impl Refusal {
    /// The same refusal, naming the field of the caller's own form.
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} / {}", self.code, self.zh, self.en)?;
        if self.field.is_empty() { Ok(()) } else { write!(f, " [{}]", self.field) }
    }
}

impl std::error::Error for Refusal {}

/// The one way to make a refusal, for the constructors of this crate and of those above it.
pub fn refuse(
    code: &'static str,
    field: impl Into<String>,
    again: Again,
    zh: impl Into<String>,
    en: impl Into<String>,
) -> Refusal {
    Refusal { code, zh: zh.into(), en: en.into(), field: field.into(), again }
}

// Days and institutions.

pub fn future_date(date: Day, today: Day) -> Refusal {
    refuse(
        "FutureDate",
        "business_date",
        WhenFactsChange,
        format!("会计日期 {date} 晚于当前营业日 {today}，该日尚未开账"),
        format!("business date {date} is later than the open day {today}: it is not open yet"),
    )
}

pub fn period_closed(date: Day) -> Refusal {
    refuse(
        "PeriodClosed",
        "business_date",
        Never,
        format!("会计日期 {date} 已结账或未开账，不能再记账；请用当前营业日，必要时填起息日"),
        format!("business date {date} is not open; use the open day, with a value date if needed"),
    )
}

pub fn institution_closed(code: &str, day: Day) -> Refusal {
    refuse(
        "InstitutionClosed",
        "institution",
        WhenFactsChange,
        format!("机构 {code} 在 {day} 已签退，不能再记账"),
        format!("institution `{code}` has closed for {day}"),
    )
}

pub fn unknown_institution(code: &str) -> Refusal {
    refuse(
        "UnknownInstitution",
        "institution",
        WhenFactsChange,
        format!("没有机构 {code}"),
        format!("there is no institution `{code}`"),
    )
}

pub fn day_not_open() -> Refusal {
    refuse(
        "DayNotOpen",
        "business_date",
        WhenFactsChange,
        "营业日尚未开账，请先日初开账",
        "no business day is open: open the day first",
    )
}

pub fn day_already_open(today: Day) -> Refusal {
    refuse(
        "DayAlreadyOpen",
        "day",
        WhenFactsChange,
        format!("营业日 {today} 尚未结账，不能开新的营业日"),
        format!("business day {today} is still open: close it first"),
    )
}

pub fn not_a_business_day(day: Day) -> Refusal {
    refuse(
        "NotABusinessDay",
        "day",
        Never,
        format!("{day} 在营业日历中不是营业日"),
        format!("{day} is not a business day of the calendar"),
    )
}

pub fn calendar_ends(day: Day) -> Refusal {
    refuse(
        "CalendarEnds",
        "day",
        WhenFactsChange,
        format!("营业日历没有 {day} 所在年份的放假安排，请先在规则库中补充"),
        format!("the calendar has no holidays for the year of {day} yet: add them to the rulebook"),
    )
}

pub fn day_not_after(day: Day, today: Day) -> Refusal {
    refuse(
        "DayNotAfter",
        "day",
        Never,
        format!("新营业日 {day} 必须晚于 {today}"),
        format!("the new day {day} must be later than {today}"),
    )
}

pub fn day_closing(day: Day) -> Refusal {
    refuse(
        "DayClosing",
        "institution",
        WhenFactsChange,
        format!("营业日 {day} 各机构均已签退，正在日终，请于下一营业日办理"),
        format!("every institution has stopped on {day} and the day closes: do it the next day"),
    )
}

pub fn day_skipped(day: Day, next: Day) -> Refusal {
    refuse(
        "DaySkipped",
        "day",
        Never,
        format!("下一营业日是 {next}，不能跳到 {day}；不营业的日子请写入营业日历"),
        format!("the next business day is {next}, not {day}: a day off stands in the calendar"),
    )
}

pub fn too_many_institutions(max: usize) -> Refusal {
    refuse(
        "TooManyInstitutions",
        "code",
        Never,
        format!("机构已达上限 {max} 个"),
        format!("the books have room for {max} institutions"),
    )
}

pub fn institutions_open(codes: &str) -> Refusal {
    refuse(
        "InstitutionsOpen",
        "institution",
        WhenFactsChange,
        format!("尚有机构未签退：{codes}"),
        format!("these institutions have not closed yet: {codes}"),
    )
}

pub fn step_order(step: &str, before: &str) -> Refusal {
    refuse(
        "StepOrder",
        "step",
        WhenFactsChange,
        format!("日终步骤 {step} 之前须先完成 {before}"),
        format!("close step `{step}` comes after `{before}`"),
    )
}

pub fn not_zero_at_close(accounts: &str) -> Refusal {
    refuse(
        "NotZeroAtClose",
        "accept",
        WhenFactsChange,
        format!("日终应为零的账户仍有余额：{accounts}；请处理，或由有权人指名接受"),
        format!("accounts that must be zero at close are not: {accounts}; clear or accept them"),
    )
}

pub fn checks_failed(checks: &str) -> Refusal {
    refuse(
        "ChecksFailed",
        "step",
        WhenFactsChange,
        format!("日终核对未通过：{checks}"),
        format!("the checks of the close failed: {checks}"),
    )
}

// Headers.

pub fn value_date_ahead(date: Day) -> Refusal {
    refuse(
        "ValueDateAhead",
        "value_date",
        Never,
        format!("起息日 {date} 晚于会计日期"),
        format!("value date {date} is later than the business date"),
    )
}

pub fn value_date_too_far(date: Day, max: i32) -> Refusal {
    refuse(
        "ValueDateTooFar",
        "value_date",
        Never,
        format!("起息日 {date} 倒起息超过 {max} 天，须授权"),
        format!("value date {date} lies more than {max} days back: an authoriser is needed"),
    )
}

pub fn maker_missing() -> Refusal {
    refuse("MakerMissing", "maker", Never, "缺少经办人", "the maker is missing")
}

pub fn same_person(field: &str, who: &str) -> Refusal {
    refuse(
        "SamePerson",
        field,
        Never,
        format!("{who} 不能在同一笔业务中兼任两个角色（会计法第二十五条）"),
        format!("`{who}` may not be two hands of one entry (Accounting Law art. 25)"),
    )
}

pub fn key_reused(key: Key, entry: EntryNo) -> Refusal {
    key_taken(key, &format!("凭证 {}", entry.0), &format!("entry {}", entry.0))
}

/// A request that made no entry had the key.
pub fn key_asked(key: Key) -> Refusal {
    key_taken(key, "另一项请求", "another request")
}

fn key_taken(key: Key, zh: &str, en: &str) -> Refusal {
    refuse(
        "KeyReused",
        "key",
        Never,
        format!("幂等键 {key:?} 已用于内容不同的{zh}"),
        format!("idempotency key {key:?} was used for {en} with another body"),
    )
}

// Lines.

pub fn amount_not_positive(line: usize, amount: i64) -> Refusal {
    refuse(
        "AmountNotPositive",
        format!("lines[{line}].amount"),
        Never,
        format!("金额必须大于零（收到 {amount}）；红字用红字标志"),
        format!("the amount must be above zero (got {amount}); red is a flag, not a sign"),
    )
}

/// 金额或余额超过账簿的上限：再大，利息和损益就可能算不下.
pub fn amount_too_large(field: impl Into<String>, amount: i64) -> Refusal {
    refuse(
        "AmountTooLarge",
        field,
        Never,
        format!("金额（最小单位）{amount} 使分录、账户余额或当日发生额超过账簿的上限"),
        format!("{amount} minor units are more than a line, a balance or a day's turnover may be"),
    )
}

pub fn quantity_not_positive(line: usize, quantity: i64) -> Refusal {
    refuse(
        "QuantityNotPositive",
        format!("lines[{line}].quantity"),
        Never,
        format!("数量必须大于零（收到 {quantity}）"),
        format!("the number of pieces must be above zero (got {quantity})"),
    )
}

pub fn pieces_short(number: &str, short: i64) -> Refusal {
    refuse(
        "PiecesShort",
        "account",
        WhenFactsChange,
        format!("表外账户 {number} 的数量不足，差 {short} 件"),
        format!("account `{number}` has {short} pieces too few"),
    )
}

pub fn unknown_account(number: &str) -> Refusal {
    refuse(
        "UnknownAccount",
        "account",
        WhenFactsChange,
        format!("没有账户 {number}"),
        format!("there is no account `{number}`"),
    )
}

pub fn wrong_unit(number: &str, given: &str, unit: &str) -> Refusal {
    refuse(
        "WrongUnit",
        "unit",
        Never,
        format!("账户 {number} 的币种是 {unit}，不是 {given}"),
        format!("account `{number}` is kept in {unit}, not in {given}"),
    )
}

pub fn status_forbids(number: &str, status: Status, receives: bool) -> Refusal {
    let code = match status {
        Status::Closed => "AccountClosed",
        Status::Dormant => "AccountDormant",
        _ => "AccountFrozen",
    };
    let (zh, en) = if receives { ("收入", "receive") } else { ("支出", "pay") };
    refuse(
        code,
        "account",
        WhenFactsChange,
        format!("账户 {number} 状态为{}，不能{zh}", status.zh()),
        format!("account `{number}` is {} and may not {en}", status.en()),
    )
}

pub fn system_only(number: &str) -> Refusal {
    refuse(
        "SystemOnly",
        "account",
        Never,
        format!("账户 {number} 只由系统记账，不接受手工凭证"),
        format!("account `{number}` is posted by the system alone"),
    )
}

pub fn kept_by_custody(number: &str) -> Refusal {
    refuse(
        "KeptByCustody",
        "account",
        Never,
        format!("账户 {number} 记载实物，须随现金、凭证的移交事项记账"),
        format!("account `{number}` books things in keeping: post by moving the things"),
    )
}

pub fn needs_authoriser(number: &str) -> Refusal {
    refuse(
        "NeedsAuthoriser",
        "authoriser",
        Never,
        format!("账户 {number} 的手工凭证须有授权人"),
        format!("a manual entry to account `{number}` needs an authoriser"),
    )
}

pub fn too_few_lines(lines: usize) -> Refusal {
    refuse(
        "TooFewLines",
        "lines",
        Never,
        format!("一套凭证至少两笔分录（收到 {lines} 笔）"),
        format!("an entry has at least two lines (got {lines})"),
    )
}

pub fn too_many_lines(lines: usize, max: usize) -> Refusal {
    refuse(
        "TooManyLines",
        "lines",
        Never,
        format!("一套凭证最多 {max} 笔分录（连同系统内往来共 {lines} 笔），请分套记账"),
        format!("an entry has at most {max} lines (got {lines} with completion): split it"),
    )
}

pub fn unbalanced(unit: &str, institution: &str, difference: i128, digits: u8) -> Refusal {
    let amount = display(difference, digits);
    refuse(
        "Unbalanced",
        "lines",
        Never,
        format!("借贷不平：{unit} 机构 {institution}，借减贷为 {amount}"),
        format!("debits and credits differ: {unit} at `{institution}`, debit − credit = {amount}"),
    )
}

pub fn no_interbranch_account(institution: &str, unit: &str) -> Refusal {
    refuse(
        "NoInterbranchAccount",
        "lines",
        WhenFactsChange,
        format!("机构 {institution} 没有 {unit} 的系统内往来账户，不能跨机构记账"),
        format!("institution `{institution}` has no inter-branch account in {unit}"),
    )
}

pub fn insufficient_funds(number: &str, available: i64, digits: u8) -> Refusal {
    let available = display(i128::from(available), digits);
    refuse(
        "InsufficientFunds",
        "account",
        WhenFactsChange,
        format!("账户 {number} 可用余额不足，可用 {available}"),
        format!("account `{number}` has {available} available"),
    )
}

pub fn wrong_side(number: &str, balance: i64, digits: u8) -> Refusal {
    let balance = display(i128::from(balance), digits);
    refuse(
        "WrongSide",
        "account",
        WhenFactsChange,
        format!("账户 {number} 的余额 {balance} 不足，余额不得反方向"),
        format!("account `{number}` holds {balance}: its balance may not change sides"),
    )
}

pub fn item_required(number: &str) -> Refusal {
    refuse(
        "ItemRequired",
        "clears",
        Never,
        format!("账户 {number} 逐笔销账，须指明所销的挂账"),
        format!("account `{number}` is cleared item by item: name the open item"),
    )
}

pub fn unknown_item(number: &str, item: ItemId) -> Refusal {
    refuse(
        "UnknownItem",
        "clears",
        WhenFactsChange,
        format!("账户 {number} 没有未销的挂账 {}-{}", item.entry.0, item.line),
        format!("account `{number}` has no open item {}-{}", item.entry.0, item.line),
    )
}

pub fn item_exceeded(number: &str, item: ItemId, remaining: i64, digits: u8) -> Refusal {
    let left = display(i128::from(remaining), digits);
    refuse(
        "ItemExceeded",
        "amount",
        Never,
        format!("账户 {number} 挂账 {}-{} 只余 {left}", item.entry.0, item.line),
        format!("open item {}-{} of account `{number}` has {left} left", item.entry.0, item.line),
    )
}

// Accounts and holds.

pub fn account_exists(number: &str) -> Refusal {
    refuse(
        "AccountExists",
        "number",
        Never,
        format!("账号 {number} 已存在"),
        format!("account `{number}` exists already"),
    )
}

pub fn unknown_code(field: &str, what: (&str, &str), code: &str) -> Refusal {
    refuse(
        "UnknownCode",
        field,
        WhenFactsChange,
        format!("规则库中没有{} {code}", what.0),
        format!("the rulebook has no {} `{code}`", what.1),
    )
}

pub fn missing(field: &str) -> Refusal {
    refuse(
        "FieldMissing",
        field,
        Never,
        format!("缺少 {field}"),
        format!("`{field}` is missing or empty"),
    )
}

pub fn too_long(field: &str, max: usize) -> Refusal {
    refuse(
        "TooLong",
        field,
        Never,
        format!("{field} 超过 {max} 个字节"),
        format!("`{field}` is longer than {max} bytes"),
    )
}

pub fn institution_exists(code: &str) -> Refusal {
    refuse(
        "InstitutionExists",
        "code",
        Never,
        format!("机构 {code} 已存在"),
        format!("institution `{code}` exists already"),
    )
}

pub fn bank_exists(bank: &str) -> Refusal {
    refuse(
        "BankExists",
        "bank",
        Never,
        format!("账簿中已有银行 {bank}"),
        format!("these books belong to bank `{bank}` already"),
    )
}

pub fn unknown_hold(id: u64) -> Refusal {
    refuse(
        "UnknownHold",
        "hold",
        WhenFactsChange,
        format!("没有生效中的止付或冻结 {id}"),
        format!("no hold {id} is in force"),
    )
}

pub fn hold_exceeded(id: u64, left: i64, digits: u8) -> Refusal {
    let left = display(i128::from(left), digits);
    refuse(
        "HoldExceeded",
        "amount",
        Never,
        format!("止付或冻结 {id} 可用 {left}，不足"),
        format!("hold {id} covers {left}: the amount is more"),
    )
}

pub fn hold_amount_differs(id: u64, amount: i64, paid: i128, digits: u8) -> Refusal {
    let (amount, paid) = (display(amount.into(), digits), display(paid, digits));
    refuse(
        "HoldAmountDiffers",
        "amount",
        Never,
        format!("冻结（止付）{id} 扣划 {amount}，而凭证从该账户支出 {paid}"),
        format!("hold {id} is to pay {amount}, the entry takes {paid} from its account"),
    )
}

pub fn hold_until_past(until: Day) -> Refusal {
    refuse(
        "HoldUntilPast",
        "until",
        Never,
        format!("到期日 {until} 早于当前营业日"),
        format!("the hold would end on {until}, before today"),
    )
}

pub fn balance_not_zero(number: &str, balance: i64, digits: u8) -> Refusal {
    let balance = display(i128::from(balance), digits);
    refuse(
        "BalanceNotZero",
        "account",
        WhenFactsChange,
        format!("账户 {number} 尚有余额 {balance}，不能销户"),
        format!("account `{number}` still holds {balance}: it cannot be closed"),
    )
}

pub fn has_holds(number: &str) -> Refusal {
    refuse(
        "HasHolds",
        "account",
        WhenFactsChange,
        format!("账户 {number} 有止付或冻结，不能办理"),
        format!("account `{number}` is under a hold or freeze"),
    )
}

pub fn not_a_term_account(number: &str) -> Refusal {
    refuse(
        "NotATermAccount",
        "account",
        Never,
        format!("账户 {number} 不是定期账户"),
        format!("account `{number}` has no term"),
    )
}

pub fn term_required(number: &str) -> Refusal {
    refuse(
        "TermRequired",
        "term",
        Never,
        format!("账户 {number} 逐笔计息，开户须有起息日、到期日和利率"),
        format!("account `{number}` earns interest by deposit: give from, maturity and rate"),
    )
}

pub fn term_ahead(from: Day, today: Day) -> Refusal {
    refuse(
        "TermAhead",
        "from",
        Never,
        format!("起息日 {from} 晚于当前营业日 {today}"),
        format!("the term begins on {from}, later than the open day {today}"),
    )
}

pub fn term_length(from: Day, maturity: Day, years: i16) -> Refusal {
    refuse(
        "TermLength",
        "maturity",
        Never,
        format!("到期日 {maturity} 应晚于起息日 {from}，存期不超过 {years} 年"),
        format!("maturity {maturity} lies after the first day {from}, within {years} years"),
    )
}

pub fn term_rate(rate: Decimal) -> Refusal {
    refuse(
        "TermRate",
        "rate",
        Never,
        format!("年利率 {rate} 应在 0 至 1 之间，最多 12 位小数"),
        format!("annual rate {rate}: it lies between 0 and 1 and has twelve decimals at most"),
    )
}

pub fn term_pays(number: &str) -> Refusal {
    refuse(
        "TermPays",
        "account",
        Never,
        format!("定期账户 {number} 不能直接支取；请办理部分提前支取或销户"),
        format!("account `{number}` has a term: withdraw a part of it or close it"),
    )
}

pub fn term_part(number: &str, balance: i64, digits: u8) -> Refusal {
    let balance = display(i128::from(balance), digits);
    refuse(
        "TermPart",
        "amount",
        WhenFactsChange,
        format!("支取金额应小于账户 {number} 的本金 {balance}；全部支取请办理销户"),
        format!("less than the principal {balance} of `{number}` may be withdrawn; else close it"),
    )
}

pub fn same_account(number: &str) -> Refusal {
    refuse(
        "SameAccount",
        "to",
        Never,
        format!("转入账户不能是账户 {number} 自己"),
        format!("account `{number}` cannot pay to itself"),
    )
}

pub fn term_not_due(number: &str, maturity: Day) -> Refusal {
    refuse(
        "TermNotDue",
        "account",
        WhenFactsChange,
        format!("账户 {number} 在 {maturity} 到期，到期后才能转存"),
        format!("account `{number}` is renewed at its maturity, {maturity}"),
    )
}

pub fn term_paid_in(number: &str) -> Refusal {
    refuse(
        "TermPaidIn",
        "account",
        Never,
        format!("定期账户 {number} 已存入，不能再存；请另开一户"),
        format!("account `{number}` has a term and was paid in: open another for more"),
    )
}

// Corrections.

pub fn unknown_entry(no: EntryNo) -> Refusal {
    refuse(
        "UnknownEntry",
        "entry",
        WhenFactsChange,
        format!("没有凭证 {}", no.0),
        format!("there is no entry {}", no.0),
    )
}

pub fn already_corrected(no: EntryNo, by: EntryNo) -> Refusal {
    refuse(
        "AlreadyCorrected",
        "entry",
        Never,
        format!("凭证 {} 已由凭证 {} 冲正", no.0, by.0),
        format!("entry {} was undone by entry {} already", no.0, by.0),
    )
}

pub fn not_correctable(no: EntryNo) -> Refusal {
    refuse(
        "NotCorrectable",
        "entry",
        Never,
        format!("凭证 {} 本身是冲正或系统凭证，不能冲正；请另记正确的凭证", no.0),
        format!("entry {} is itself a correction or made by the system: post a right one", no.0),
    )
}

pub fn correction_exceeds(number: &str, balance: i64, digits: u8) -> Refusal {
    let balance = display(i128::from(balance), digits);
    refuse(
        "CorrectionExceeds",
        "entry",
        WhenFactsChange,
        format!("贷款账户 {number} 只余 {balance}，不足以冲回；请先更正其后的还款"),
        format!("loan `{number}` stands at {balance}, less than is undone: correct what repaid it"),
    )
}

pub fn kind_not_allowed(at: usize, kind: &str) -> Refusal {
    refuse(
        "KindNotAllowed",
        format!("headers[{at}].kind"),
        Never,
        format!("凭证种类“{kind}”及所冲凭证号只由账务系统填写，不接受由客户端提交"),
        format!("the kind `{kind}` and the entry undone are the ledger's own to fill in"),
    )
}

pub fn interest_due(number: &str, interest: i64, digits: u8) -> Refusal {
    let interest = display(i128::from(interest), digits);
    refuse(
        "InterestDue",
        "account",
        WhenFactsChange,
        format!("账户 {number} 尚有未结利息 {interest}，请办理销户结息"),
        format!("account `{number}` has interest of {interest} due: close it with its interest"),
    )
}

// The store behind the books.

pub fn unavailable(why: &str) -> Refusal {
    refuse(
        "Unavailable",
        "",
        Later,
        format!("账务系统暂不可用：{why}；请稍后用同一幂等键重试"),
        format!("the books are not available: {why}; try again with the same key"),
    )
}

pub fn books_moved() -> Refusal {
    refuse(
        "BooksMoved",
        "",
        Later,
        "日终核对期间账务又有变动，请重新核对",
        "the books have moved while the day was being proved: prove it again",
    )
}

/// A command that no block can hold.
pub fn command_too_large(bytes: usize) -> Refusal {
    let mb = bytes >> 20;
    refuse(
        "CommandTooLarge",
        "",
        Never,
        format!("一次提交约{mb}MB，超过上限，请分批提交"),
        format!("about {mb} MB at once are too many: hand them in in parts"),
    )
}

// Amounts as text.

/// 金额格式错误.
pub fn amount_malformed(field: impl Into<String>, text: &str) -> Refusal {
    refuse(
        "AmountMalformed",
        field,
        Again::Never,
        format!("金额“{text}”格式不正确，应如 1234.50 或 1,234.50"),
        format!("“{text}” is not an amount; write it like 1234.50 or 1,234.50"),
    )
}

/// 小数位数超过币种的最小单位.
pub fn amount_too_precise(field: impl Into<String>, text: &str, digits: u8) -> Refusal {
    refuse(
        "AmountTooPrecise",
        field,
        Again::Never,
        format!("金额“{text}”的小数位数超过该币种的 {digits} 位"),
        format!("“{text}” has more decimals than the {digits} of its unit"),
    )
}

/// 金额超出系统可记范围.
pub fn amount_overflow(field: impl Into<String>, text: &str) -> Refusal {
    refuse(
        "AmountOverflow",
        field,
        Again::Never,
        format!("金额“{text}”超出可记账的范围"),
        format!("“{text}” is larger than the books can hold"),
    )
}

// Dated numbers.

pub fn number_missing(code: &str, day: Day) -> Refusal {
    refuse(
        "NumberMissing",
        code,
        Again::WhenFactsChange,
        format!("{day} 没有生效的参数 {code}，请在规则库中补充"),
        format!("number `{code}` has no value on {day}: add it to the rulebook"),
    )
}

// Forms.

pub fn item_malformed(text: &str) -> Refusal {
    refuse(
        "ItemMalformed",
        "clears",
        Again::Never,
        format!("挂账编号“{text}”格式不正确，应为“凭证号-分录序号”，如 12-0"),
        format!("`{text}` does not name an open item; write it as entry-line, like 12-0"),
    )
}

pub fn rulebook_wrong(errors: &str) -> Refusal {
    refuse(
        "RulebookWrong",
        "files",
        Again::Never,
        format!("规则库有错误，未启用：{errors}"),
        format!("the rulebook has errors and was not activated: {errors}"),
    )
}

pub fn journal_malformed(row: &str) -> Refusal {
    refuse(
        "JournalMalformed",
        "entry",
        Again::Never,
        format!("分录文本看不懂：{row}"),
        format!("this is not a line of a journal: {row}"),
    )
}
