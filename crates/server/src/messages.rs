//! Every text that the command line says, Chinese and English side by side.

use bank::coverage::Coverage;
use bank::office::trail::Kind;
use bank::rulebook::{ModeRow, Role, Rulebook};
use engine::verify::Verified;
use history::manifest::Period;
use ledger::Day;
use ledger::account::Status;
use ledger::book::Phase;
use ledger::chart::Title;
use ledger::close::Certificate;
use ledger::fact::{Correction, HoldKind};

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Say {
    pub zh: String,
    pub en: String,
}

/// A word in Chinese and English; in a table, one that ends in `>` heads a column of figures.
pub type Label = (&'static str, &'static str);

pub fn say(zh: impl Into<String>, en: impl Into<String>) -> Say {
    Say { zh: zh.into(), en: en.into() }
}

// Words.

pub const NUMBER: Label = ("账号", "number");
pub const NAME: Label = ("户名", "name");
pub const KIND: Label = ("账户种类", "kind");
pub const SUBJECT: Label = ("科目", "subject");
pub const INSTITUTION: Label = ("机构", "institution");
pub const UNIT: Label = ("币种", "unit");
pub const STATUS: Label = ("状态", "status");
pub const BALANCE: Label = ("余额", "balance");
pub const HELD: Label = ("止付冻结", "held");
pub const AVAILABLE: Label = ("可用余额", "available");
pub const DAY_DEBIT: Label = ("当日借方", "debit today");
pub const DAY_CREDIT: Label = ("当日贷方", "credit today");
pub const OPENED: Label = ("开户日", "opened");
pub const DEBIT: Label = ("借", "Dr");
pub const CREDIT: Label = ("贷", "Cr");
pub const EVEN: Label = ("平", "even");
pub const BANK: Label = ("银行", "bank");
pub const DAY: Label = ("营业日", "day");
pub const STOPPED: Label = ("已签退机构", "institutions closed");
pub const STEPS_DONE: Label = ("已完成步骤", "steps done");
pub const ENTRIES: Label = ("凭证套数", "entries");
pub const LAYOUT: Label = ("报表格式", "layout");
pub const NEXT_DAY: Label = ("下一营业日", "next business day");

pub const MATTER: Label = ("事项", "matter");
pub const MATTER_KIND: Label = ("种类", "kind");
pub const STANDS_AT: Label = ("当前步骤", "stands at");
pub const VERSION: Label = ("版本", "version");
pub const OPENER: Label = ("发起人", "opener");
pub const OVERDUE: Label = ("超时", "overdue");
pub const THING: Label = ("编号物品", "thing");

pub const QUEUE_COLUMNS: [Label; 8] = [
    ("序号>", "matter>"),
    ("编号", "number"),
    ("编码", "code"),
    ("事项", "title"),
    ("机构", "institution"),
    ("步骤", "step"),
    ("时限", "due"),
    ("", "overdue"),
];

pub const RECORD_COLUMNS: [Label; 8] = [
    ("序号>", "matter>"),
    ("编号", "number"),
    ("编码", "code"),
    ("机构", "institution"),
    ("发起人", "opener"),
    ("发起日", "opened"),
    ("办结日", "ended"),
    ("结局", "end"),
];

pub const FIELD_COLUMNS: [Label; 2] = [("要素", "field"), ("值", "value")];
pub const TRACE_COLUMNS: [Label; 4] =
    [("时间", "when"), ("柜员", "who"), ("办理", "what"), ("备注", "note")];
pub const PEOPLE_COLUMNS: [Label; 5] = [
    ("柜员", "operator"),
    ("姓名", "name"),
    ("机构", "institution"),
    ("状态", "standing"),
    ("岗位", "posts"),
];
pub const PLACE_COLUMNS: [Label; 4] =
    [("场所", "place"), ("保管人", "keeper"), ("现金>", "cash>"), ("编号物品", "numbered stock")];
pub const HOLDING_COLUMNS: [Label; 4] =
    [("券别或号段", "what"), ("状态", "condition"), ("张数>", "pieces>"), ("金额>", "amount>")];

pub const INSTITUTION_COLUMNS: [Label; 5] = [
    ("机构", "code"),
    ("名称", "Chinese name"),
    ("英文名称", "English name"),
    ("上级", "above"),
    ("最近签退", "last closed"),
];

pub const ACCOUNT_COLUMNS: [Label; 8] = [
    ("账号", "number"),
    ("户名", "name"),
    ("科目", "subject"),
    ("机构", "institution"),
    ("币种", "unit"),
    ("方向", "side"),
    ("余额>", "balance>"),
    ("状态", "status"),
];

pub const REPORT_COLUMNS: [Label; 3] =
    [("英文名", "name"), ("报表", "Chinese name"), ("别名", "other names")];

pub const LIST_COLUMNS: [Label; 3] =
    [("名称", "name"), ("中文名", "Chinese title"), ("英文名", "English title")];

pub const REPORT_NAME_COLUMNS: [Label; 2] =
    [("登记簿与统计表可用名称", "name in a report"), ("含义", "what it is")];

pub const CHECK_COLUMNS: [Label; 3] = [("核对", "check"), ("结果", "result"), ("内容", "found")];

pub const DIFFERENCE_COLUMNS: [Label; 5] = [
    ("营业日", "day"),
    ("区块>", "block>"),
    ("项目", "field"),
    ("证书所载", "certified"),
    ("重算所得", "found"),
];

pub const COVERAGE_COLUMNS: [Label; 4] =
    [("职责", "row"), ("名称", "duty"), ("覆盖", "standing"), ("文件", "files")];

pub const MODULE_COLUMNS: [Label; 4] = [
    ("模块", "module"),
    ("已覆盖>", "covered>"),
    ("有文件未走通>", "not walked>"),
    ("未覆盖>", "not served>"),
];

pub const RULE_COLUMNS: [Label; 3] = [("判断", "rule"), ("参数", "arguments"), ("要求", "demands")];
pub const VERB_COLUMNS: [Label; 3] = [("动作", "verb"), ("参数", "arguments"), ("作用", "does")];
pub const TYPE_COLUMNS: [Label; 2] = [("要素类型", "type of field"), ("内容", "value")];
pub const FINDING_COLUMNS: [Label; 2] = [("检查结果", "finding"), ("含义", "means")];

// What a rulebook says of a matter.

pub const ALL: Label = ("合计", "all");
pub const KIND_OF_FILE: Label = ("文件种类", "kind of file");
pub const MODULE_OF_MISSION: Label = ("模块", "module");
pub const CODE_OF_RULEBOOK: Label = ("编码", "code");
pub const WHY: Label = ("缘由", "why");
pub const SOURCE: Label = ("依据", "source");
pub const SERVES: Label = ("职责", "serves");
pub const FILE: Label = ("文件", "file");
pub const CODES: Label = ("编码", "codes");
pub const VALUE: Label = ("取值", "value");
pub const ARGUMENTS: Label = ("参数", "arguments");
pub const PATTERN: Label = ("编号规则", "number");
pub const KEEP: Label = ("保管期限", "kept as");
pub const ALONE: Label = ("一人可办", "alone because");
pub const FIELD: Label = ("要素", "field");
pub const STEP: Label = ("步骤", "step");
pub const FILL: Label = ("填写", "fill in");
pub const DEADLINE: Label = ("时限", "deadline");
pub const CHECKED: Label = ("核查", "check");
pub const MOVES: Label = ("移动", "move");
pub const POSTS: Label = ("记账", "post");
pub const ACTS: Label = ("办理", "do");
pub const GOES: Label = ("转向", "go");
pub const MINUTES: Label = ("分钟", "minutes");
pub const WORKING_HOURS: Label = ("个工作小时", "working hours");
pub const WORKING_DAYS: Label = ("个工作日", "working days");
pub const DAYS: Label = ("日", "days");
pub const STEP_TO_ITSELF: Label = ("（单独成步）", " (a step to itself)");

pub fn coverage(standing: Coverage) -> Label {
    match standing {
        Coverage::Covered => ("已覆盖", "covered"),
        Coverage::NotWalked => ("未走通", "not_walked"),
        Coverage::NotServed => ("未覆盖", "not_served"),
        Coverage::Gap => ("原文缺", "gap"),
    }
}

/// What happens in a bank, by the name that the journal gives it: facts of the books, then events
/// of the office. Notes of the audit trail name themselves.
pub const HAPPENINGS: [(&str, Label); 32] = [
    ("bank_created", ("建行", "bank founded")),
    ("rulebook_activated", ("启用规则库", "rulebook put in force")),
    ("institution_added", ("增设机构", "institution added")),
    ("accounts_opened", ("开户", "accounts opened")),
    ("status_changed", ("变更账户状态", "status of an account changed")),
    ("hold_placed", ("止付、冻结", "hold placed")),
    ("hold_reduced", ("解除止付、冻结", "hold reduced")),
    ("day_opened", ("日初开账", "day opened")),
    ("institution_closed", ("机构签退", "institution stopped")),
    ("institution_reopened", ("撤销签退", "institution reopened")),
    ("step_done", ("日终步骤", "step of the close done")),
    ("interest_settled", ("结息", "interest settled")),
    ("account_settled", ("账户结息", "interest of an account settled")),
    ("term_renewed", ("转存", "term renewed")),
    ("correction_filed", ("错账调整", "correction filed")),
    ("day_closed", ("日终", "day closed")),
    ("enrolled", ("柜员登记", "operator enrolled")),
    ("standing_changed", ("柜员状态变更", "standing of an operator changed")),
    ("password_reset", ("密码重置", "password reset")),
    ("moved", ("柜员调动", "operator moved")),
    ("granted", ("授予岗位", "post granted")),
    ("revoked", ("撤销岗位", "post revoked")),
    ("absent", ("请假与代理", "absence with a deputy")),
    ("number_set", ("参数变更", "parameter changed")),
    ("place_opened", ("设立保管场所", "place set up")),
    ("place_closed", ("撤销保管场所", "place given up")),
    ("keeper_changed", ("变更保管人", "keeper changed")),
    ("custody", ("实物移动", "things moved")),
    ("opened", ("发起事项", "matter opened")),
    ("saved", ("暂存事项", "matter saved")),
    ("acted", ("办理事项", "step of a matter done")),
    ("handled", ("流转事项", "matter passed on")),
];

/// The same with the notes, each name once.
pub fn happenings() -> impl Iterator<Item = (&'static str, Label)> {
    let notes = Kind::ALL.map(|note| (note.code(), (note.zh(), note.en())));
    let own = notes.into_iter().filter(|(note, _)| HAPPENINGS.iter().all(|(name, _)| name != note));
    HAPPENINGS.into_iter().chain(own)
}

/// What a fact, an event or a note of the journal is called; none: nothing is named so.
pub fn happening(kind: &str) -> Option<Label> {
    happenings().find(|(name, _)| *name == kind).map(|(_, label)| label)
}

/// What the checks of a close prove, by the codes that certificates keep.
const CHECKS: [(&str, Label); 9] = [
    ("debit_credit", ("借贷平衡", "debits and credits")),
    ("gl_accounts", ("总分核对", "general ledger against accounts")),
    ("opening", ("期初与上日期末", "opening against the day before")),
    ("balances", ("机构借贷平衡", "balance of each institution")),
    ("interbranch", ("系统内往来", "between institutions")),
    ("sides", ("余额方向", "sides of balances")),
    ("holds", ("止付与冻结", "holds")),
    ("items", ("挂账明细", "open items")),
    ("custody", ("账实核对", "books against things")),
];

/// What a check proves; one that this program does not know keeps its code.
pub fn check(code: &str) -> Say {
    let known = CHECKS.iter().find(|(name, _)| *name == code);
    known.map_or_else(|| say(code, code), |(_, (zh, en))| say(*zh, *en))
}

pub fn role(role: Role) -> Label {
    match role {
        Role::Maker => ("经办", "maker"),
        Role::Checker => ("复核", "checker"),
        Role::Authoriser => ("授权", "authoriser"),
        Role::Custodian => ("保管", "custodian"),
        Role::Receiver => ("接收", "receiver"),
        Role::Giver => ("移交", "giver"),
        Role::Witness => ("监交", "witness"),
        Role::Pair => ("双人", "pair"),
        Role::Countersigner => ("会签", "countersigner"),
        Role::Reader => ("阅知", "reader"),
        Role::Handler => ("处理", "handler"),
    }
}

/// How the hands of a step go together; nothing is said where all are needed in any order.
pub fn mode(mode: ModeRow) -> Label {
    match mode {
        ModeRow::All => ("", ""),
        ModeRow::Sequence => ("依次", "in order"),
        ModeRow::Any => ("任一人", "any one"),
        ModeRow::Vote => ("表决", "vote"),
    }
}

pub fn deadline((span, length): &(Label, String), escalate: Option<&str>) -> Say {
    let (zh, en) = match escalate {
        Some(post) => (format!("，超时后 {post} 可办"), format!(", then {post} may too")),
        None => (String::new(), String::new()),
    };
    say(format!("{length} {}{zh}", span.0), format!("{length} {}{en}", span.1))
}

pub fn named_by(field: &str) -> Say {
    say(format!("由 {field} 指定"), format!("named by {field}"))
}

pub fn may_repeat(Title { zh, en }: &Title) -> Say {
    say(format!("可由前手兼办：{zh}"), format!("may have had a hand before: {en}"))
}

/// Code of the head office where `init` names none.
pub const HEAD_OFFICE_CODE: &str = "0000";

pub fn hold_label(kind: HoldKind) -> Label {
    match kind {
        HoldKind::Reserve => ("止付", "reserve"),
        HoldKind::Freeze => ("冻结", "freeze"),
    }
}

pub fn phase(phase: Phase) -> Say {
    match phase {
        Phase::Closed => say("已结账", "closed"),
        Phase::Open => say("营业中", "open"),
        Phase::Closing => say("结账中", "closing"),
    }
}

pub fn verdict(passed: bool) -> Say {
    if passed { say("通过", "passed") } else { say("未通过", "failed") }
}

// Reasons within a refusal or fault, in both languages at once.

pub const CUT_CHARACTER: &str = "文件在一个字符中间结束 / half a character";
pub const CUT_QUOTE: &str = "引号没有闭合 / a quote is left open";
pub const CUT_SCHEMA: &str = "缺少模式 / no schema";
pub const CUT_END: &str = "缺少结束标记 / no end of stream";
pub const ARROW_TRANSFER: &str = "Arrow 每行一套，用 [transfer] / one entry a row: [transfer]";
pub const ARROW_DAMAGED: &str = "Arrow 数据已损坏 / the Arrow data are damaged";
pub const MAP_GROUP_MISSING: &str = "[line] 须有 group / [line] needs `group`";
pub const MAP_GROUP_ODD: &str = "group 只与 [line] 合用 / `group` goes with [line]";
pub const MAP_SHAPE: &str = "[transfer] 与 [line] 二者取一 / give either [transfer] or [line]";
pub const MAP_DELIMITER: &str = "delimiter 为一个 ASCII 字符 / one ASCII character";
pub const MAP_CONST: &str = "prefix、default 只与 column 合用 / these go with `column`";
pub const MAP_ORIGIN: &str = "column 与 const 二者取一 / give either `column` or `const`";
pub const CELLS_OUTGROW: &str = "行比其文本长 / cells outgrow their record";
pub const NO_RECEIPTS: &str = "记账没有回执 / posting has not answered receipts";
pub const READER_GONE: &str = "读文件的线程中断 / the reader of the file has panicked";
pub const ENGINE_GONE: &str = "引擎已中断 / the engine has stopped";
pub const NO_DAY: &str = "开账没有回执 / opening a day has not answered it";
pub const NO_CASH: &str = "有支行没有现金账户 / a branch has no cash account";

// Serving.

pub const LOCKED_OUT: &str = "连续登录失败";
pub const FIRST_ADMINISTRATOR: &str = "首任管理员";

pub fn serving(address: &str) -> Say {
    say(
        format!("服务地址 {address}，接口说明 {address}/api/docs"),
        format!("serving at {address}, the interface is described at {address}/api/docs"),
    )
}

/// Who can sign in, each in a line.
pub fn demo_sign_in(password: &str, people: &[Say]) -> Say {
    let list = |of: fn(&Say) -> &str| people.iter().map(of).collect::<Vec<_>>().join("\n");
    say(
        format!("{}\n演示柜员如上，密码都是 {password}", list(|one| &one.zh)),
        format!("{}\nthese may sign in, each with the password {password}", list(|one| &one.en)),
    )
}

pub fn demo_operator(operator: &str, name: &str, institution: &str, posts: &[Say]) -> Say {
    let line = |posts: String| format!("  {operator:<8} {name}  {institution}  {posts}");
    let (zh, en): (Vec<&str>, Vec<&str>) =
        posts.iter().map(|post| (post.zh.as_str(), post.en.as_str())).unzip();
    say(line(zh.join("、")), line(en.join(", ")))
}

pub fn first_administrator(operator: &str, password: &str) -> Say {
    say(
        format!("首任管理员 {operator} 的一次性密码：{password}（只显示这一次，请签到后修改）"),
        format!("one-time password of the first administrator {operator}: {password} (told once)"),
    )
}

// Sentences.

pub fn founded(bank: &str, title: &str, institutions: usize, accounts: usize) -> Say {
    say(
        format!("已建立{title}（{bank}）：机构 {institutions} 个，内部账户 {accounts} 户"),
        format!("founded {title} ({bank}): {institutions} institutions, {accounts} own accounts"),
    )
}

pub fn institutions_added(count: usize) -> Say {
    say(format!("已增设机构 {count} 个"), format!("{count} institutions added"))
}

pub fn accounts_opened(count: usize) -> Say {
    say(format!("已开户 {count} 户"), format!("{count} accounts opened"))
}

pub fn status_set(number: &str, status: Status) -> Say {
    say(
        format!("账户 {number} 状态改为{}", status.zh()),
        format!("account `{number}` is now {}", status.en()),
    )
}

pub fn term_withdrawn(number: &str, amount: &str, to: &str) -> Say {
    say(
        format!("定期账户 {number} 已支取 {amount}，本息转入 {to}"),
        format!("{amount} withdrawn from `{number}`, paid to `{to}` with its interest"),
    )
}

pub fn term_renewed(number: &str, maturity: Day) -> Say {
    say(
        format!("定期账户 {number} 已转存，{maturity} 到期"),
        format!("account `{number}` is renewed until {maturity}"),
    )
}

pub fn account_closed(number: &str, to: &str) -> Say {
    say(
        format!("账户 {number} 已销户，余额转入 {to}"),
        format!("account `{number}` is closed, what was left went to `{to}`"),
    )
}

pub fn page_end(shown: usize, found: usize, next: Option<&str>) -> Say {
    let (mut zh, mut en) =
        (format!("共 {found} 户，列出 {shown} 户"), format!("{shown} of {found} accounts"));
    if let Some(next) = next {
        zh.push_str(&format!("；下一页：--cursor {next}"));
        en.push_str(&format!("; next page: --cursor {next}"));
    }
    say(zh, en)
}

pub fn hold_placed(id: u64, number: &str) -> Say {
    say(
        format!("账户 {number} 已止付或冻结，编号 {id}"),
        format!("hold {id} placed on account `{number}`"),
    )
}

pub fn hold_released(id: u64) -> Say {
    say(format!("止付或冻结 {id} 已解除"), format!("hold {id} released"))
}

pub fn hold_settled(id: u64, entry: u64, again: bool) -> Say {
    let (zh, en) = if again { ("（此前已付）", " (paid before)") } else { ("", "") };
    say(
        format!("止付或冻结 {id} 已支付，凭证 {entry}{zh}"),
        format!("hold {id} paid by entry {entry}{en}"),
    )
}

pub fn corrected(done: &Correction) -> Say {
    let rebook = done.rebook.map(|no| no.0.to_string());
    let zh = rebook.as_ref().map(|no| format!("，补正凭证 {no}")).unwrap_or_default();
    let en = rebook.as_ref().map(|no| format!(", booked again as {no}")).unwrap_or_default();
    say(
        format!("凭证 {} 已由凭证 {} 冲正{zh}", done.original.0, done.undo.0),
        format!("entry {} undone by entry {}{en}", done.original.0, done.undo.0),
    )
}

pub fn posting() -> Say {
    say("记账", "posting")
}

pub fn posted(posted: u64, again: u64, refused: u64, file: Option<&str>) -> Say {
    let to = file.filter(|_| refused > 0);
    let zh = to.map(|file| format!("，见 {file}")).unwrap_or_default();
    let en = to.map(|file| format!(", see {file}")).unwrap_or_default();
    say(
        format!("入账 {posted} 套，重复 {again} 套（已有回执），拒绝 {refused} 行{zh}"),
        format!("{posted} entries posted, {again} known already, {refused} lines refused{en}"),
    )
}

pub fn more_refused(count: u64) -> Say {
    say(
        format!("另有 {count} 行被拒，未列出；用 --reject FILE 取得全部"),
        format!("{count} more lines were refused: --reject FILE takes them all"),
    )
}

pub fn day_opened(day: Day) -> Say {
    say(format!("{day} 已开账"), format!("{day} is open"))
}

pub fn day_closed(certificate: &Certificate) -> Say {
    let Certificate { day, entries, lines, .. } = certificate;
    say(
        format!("{day} 已结账：凭证 {entries} 套，分录 {lines} 笔，核对全部通过"),
        format!("{day} is closed: {entries} entries, {lines} lines, every check passed"),
    )
}

pub fn institution_closed(code: &str) -> Say {
    say(format!("机构 {code} 已签退"), format!("institution `{code}` has closed for the day"))
}

pub fn institution_reopened(code: &str) -> Say {
    say(format!("机构 {code} 已撤销签退"), format!("institution `{code}` goes on"))
}

pub fn never_opened() -> Say {
    say("尚未开过账", "no day was opened yet")
}

pub fn waiting_for_writer() -> Say {
    say("另一个 piaohao 正在记账，等待……", "another piaohao is writing: waiting")
}

pub fn rulebook_sound(rulebook: &Rulebook, merged: bool) -> Say {
    let chart = &rulebook.chart;
    let (files, subjects) = (rulebook.files.len(), chart.subjects.len());
    let (kinds, numbers) = (chart.kinds.len(), rulebook.numbers.len());
    let matters = rulebook.office.matters.len();
    let (zh, en) = match merged {
        true => ("，与现有账簿相容", ", and the books can go on under it"),
        false => ("", ""),
    };
    say(
        format!(
            "规则库无误：文件 {files}，科目 {subjects}，账户种类 {kinds}，参数 {numbers}，\
             事项 {matters}{zh}"
        ),
        format!(
            "the rulebook is sound: {files} files, {subjects} subjects, {kinds} kinds of account, \
             {numbers} numbers, {matters} matters{en}"
        ),
    )
}

pub fn rulebook_in_force() -> Say {
    say("规则库已启用", "the rulebook is in force")
}

pub fn written(path: &str) -> Say {
    say(format!("已写入 {path}"), format!("written to {path}"))
}

pub fn verifying() -> Say {
    say("核验", "verifying")
}

pub fn verified(verified: &Verified) -> Say {
    let Verified { blocks, entries, lines, days, .. } = verified;
    let (zh, en) = match verified.differences.len() {
        0 => ("全部相符".to_owned(), "everything agrees".to_owned()),
        count => (format!("不符 {count} 处"), format!("{count} differences")),
    };
    say(
        format!("核验区块 {blocks} 个，凭证 {entries} 套，分录 {lines} 笔，结账 {days} 日：{zh}"),
        format!("{blocks} blocks, {entries} entries, {lines} lines, {days} closed days: {en}"),
    )
}

// The demonstration.

/// Who does the work of the demonstration.
pub const DEMO_OPERATOR: &str = "demo";
pub const DEMO_OPENING: &str = "开户存现";
pub const DEMO_TRANSFER: &str = "转账";
pub const DEMO_POSTED: Label = ("入账转账", "transfers posted");
pub const DEMO_REFUSED: Label = ("拒绝转账", "transfers refused");
pub const DEMO_SUM_OPENING: Label = ("期初存款合计", "opening deposits");
pub const DEMO_MOVED: Label = ("转账金额合计", "transferred");
pub const DEMO_PAID: Label = ("付出利息", "interest paid");
pub const DEMO_CHARGED: Label = ("收取透支利息", "overdraft interest charged");
pub const DEMO_SUM_CLOSING: Label = ("期末存款净额", "closing deposits, net");
pub const PHASE_READ: Label = ("读取样本", "read the sample");
pub const PHASE_FOUND: Label = ("建行", "found the bank");
pub const PHASE_OPEN_DAY: Label = ("开账、结息", "open days, settle interest");
pub const PHASE_ACCOUNTS: Label = ("开户", "open accounts");
pub const PHASE_OPENINGS: Label = ("存入期初余额", "post opening balances");
pub const PHASE_POST: Label = ("记账", "post transfers");
pub const PHASE_CLOSE: Label = ("结账、封存", "close and seal days");
pub const PHASE_PROVE: Label = ("独立重算余额", "prove the balances");
pub const PHASE_VERIFY: Label = ("核验全部区块", "verify all blocks");
pub const PHASE_COLUMNS: [Label; 2] = [("阶段", "phase"), ("秒>", "seconds>")];

pub fn demo_bank() -> Title {
    Title { zh: "示范农商银行".into(), en: "Demonstration Rural Commercial Bank".into() }
}

pub fn branch(zh: &str, en: &str) -> Title {
    Title { zh: format!("{zh}支行"), en: format!("{en} Branch") }
}

pub fn demo_sample(nodes: usize, transfers: usize) -> Say {
    say(
        format!("样本：账户 {nodes} 户，转账 {transfers} 笔；建行、开户、逐日记账并结账……"),
        format!("sample: {nodes} accounts, {transfers} transfers; founding, posting, closing"),
    )
}

pub fn demo_days() -> Say {
    say("营业日", "business days")
}

pub fn demo_proof(accounts: u64, differences: usize) -> Say {
    if differences == 0 {
        return say(
            format!("{accounts} 户逐户核对：期初 + 转入 − 转出 + 利息 = 账面余额，全部相符"),
            format!("{accounts} accounts: opening + in − out + interest = balance, every one"),
        );
    }
    say(
        format!("{accounts} 户逐户核对，{differences} 户不符"),
        format!("{accounts} accounts compared, {differences} differ"),
    )
}

pub fn demo_difference(number: &str, expected: &str, found: &str) -> Say {
    say(
        format!("账户 {number}：应为 {expected}，账面 {found}"),
        format!("account {number}: {expected} expected, {found} in the books"),
    )
}

pub fn followed(from: u64, blocks: u64, failed: usize) -> Say {
    let (zh, en) = match failed {
        0 => ("核对全部通过".to_owned(), "every check passed".to_owned()),
        failed => (format!("核对未通过 {failed} 项"), format!("{failed} checks failed")),
    };
    say(
        format!("自第 {from} 块的快照起核验 {blocks} 块：{zh}；快照之前未核验"),
        format!("{blocks} blocks after the snapshot of block {from}: {en}; none before it"),
    )
}

pub fn month_unmerged(says: &str) -> Say {
    say(
        format!("已结账；月度合并文件未能生成，下次结账时补做：{says}"),
        format!("closed; the month could not be merged and will be at the next close: {says}"),
    )
}

pub fn sealed_otherwise(day: Day) -> String {
    format!("{day} 的封存文件不是该日结账所封 / {day} is sealed, but not as the journal closed it")
}

pub fn sealed_not_closed(day: Day) -> String {
    format!("{day} 已封存而从未结账 / {day} is sealed and was never closed")
}

pub fn resealing() -> Say {
    say("重新封存", "sealing again")
}

pub fn resealed(periods: &[Period]) -> Say {
    let list: Vec<String> = periods.iter().map(|period| period.folder()).collect();
    let (count, list) = (list.len(), list.join(" "));
    say(
        format!("已由区块重新封存 {count} 项：{list}"),
        format!("{count} sealed again from the blocks: {list}"),
    )
}

pub fn exported(files: usize, folder: &str) -> Say {
    say(format!("已导出 {files} 个文件到 {folder}"), format!("{files} files written to {folder}"))
}

pub fn archive_failed() -> Say {
    say("历史文件读取失败", "the sealed files could not be read")
}

pub fn failed() -> Say {
    say("系统故障，未完成", "a fault of the system: it was not done")
}

pub fn fault_text(code: &str, say: &Say, chain: &str) -> String {
    format!("故障 {code}：{}\n  fault: {}\n  {chain}", say.zh, say.en)
}

pub fn refusal_head(code: &str, zh: &str, en: &str) -> String {
    format!("拒绝 {code}：{zh}\n  refused: {en}")
}

pub fn refusal_field(field: &str) -> String {
    format!("\n  字段 field: {field}")
}

pub fn refusal_line(line: u64) -> String {
    format!("\n  行 line: {line}")
}

pub fn schema_recipe() -> Say {
    say(
        "区块由节组成，每节是一个 Arrow 记录批；节前的表给出种类与长度（见 docs/cli.zh.md）。\n\
         schema_message ‖ 节 ‖ ffffffff00000000 即为一个 Arrow IPC 流，任何 Arrow 工具都能读。\n",
        "A block is made of sections, each an Arrow record batch; a table before them tells kinds \
         and lengths (see docs/cli.md).\n\
         schema_message, section, ffffffff00000000 are an Arrow IPC stream that any tool reads.\n",
    )
}

// Help.

pub const HELP: &str = "\
先建行，再开账、开户、记账、结账 / found a bank, open a day, open accounts, post, close:
  piaohao init --bank demo --title 示范农商银行
  piaohao day open 2026-01-05
  piaohao account open 6217000000000000011 --name 王芳 --kind personal_current --institution 0000
  piaohao post entries.ndjson --reject refused.ndjson
  piaohao day close
  piaohao report trial-balance

退出码 / exit codes:
  0 完成 done · 1 拒绝，什么都没变 refused, nothing changed · 2 用法 usage
  3 故障 fault · 4 核验发现损坏 damage found · 5 部分行被拒 some lines refused";

pub const HELP_INIT: &str = "\
例 / Examples:
  piaohao --home bank init --bank demo --title 示范农商银行 --title-en 'Demo Rural Bank'
  piaohao --home bank init --bank demo --title 示范农商银行 --institutions branches.csv
  DB=postgres://… piaohao --home bank init --bank demo --title 示范农商银行 --store env:DB

branches.csv: code,zh,en,parent；第一行机构为总行，上级留空
              the first institution is the head office and has no parent";

pub const HELP_ACCOUNT: &str = "\
例 / Examples:
  piaohao account open 6217… --name 王芳 --kind personal_current --institution 0101
  piaohao account open --file accounts.csv      # number,name,kind,institution[,unit,…]
  piaohao account list --subject 2011 --institution 0101 --sort balance --limit 20
  piaohao account freeze 6217… --amount 5000 --authority 县人民法院 --document (2026)执12号
  piaohao account settle 7 --amount 5000 --to 0101.CNY.2241-01.01
  piaohao account withdraw 6217… --amount 3000 --to 0101.CNY.1001-02.01
  piaohao account renew 6217… --maturity 2027-03-03 --rate 0.0095
  piaohao account close 6217… --to 0101.CNY.1001-02.01";

pub const HELP_POST: &str = "\
NDJSON：每行一套凭证 / one entry a line:
  {\"key\":\"20260105-1\",\"institution\":\"0101\",\"maker\":\"wang\",\"summary\":\"转账\",
   \"lines\":[{\"account\":\"6217…\",\"side\":\"debit\",\"amount\":\"100.00\"},
            {\"account\":\"6217…\",\"side\":\"credit\",\"amount\":\"100.00\"}]}

CSV：用映射文件说明各列 / a mapping file says what the columns are:
  delimiter = \",\"                      # 默认 default \",\"
  headers = true                       # 无表头则列名为 \"1\" \"2\" … / without: \"1\", \"2\", …
  [entry]
  key = { column = \"流水号\", prefix = \"20260105-\" }
  institution = { column = \"网点\", default = \"0000\" }
  maker = { const = \"batch\" }
  summary = { column = \"摘要\" }
  [transfer]                           # 一行一套 / one row, one entry
  debit_account = { column = \"付方账号\" }
  credit_account = { column = \"收方账号\" }
  amount = { column = \"金额\" }

  一行一笔、相邻同组为一套：用 group 与 [line] 代替 [transfer]
  one line a row, neighbours of a group are one entry: `group` and [line] instead:
  group = \"套号\"
  [line]
  account = { column = \"账号\" }
  side = { column = \"借贷\" }             # 借 贷 收 付 debit credit
  amount = { column = \"金额\" }

Arrow：列 / columns key, institution, maker, debit_account, credit_account,
  amount（int64 最小货币单位 / minor units）, [unit, summary, business_date, …]

例 / Examples:
  piaohao post entries.ndjson --reject refused.ndjson
  piaohao post 流水.csv --mapping map.toml --encoding gbk
  zcat big.ndjson.gz | piaohao --json post - > receipts.ndjson

同一幂等键、同一内容再交一次，得到第一次的回执，不会重复入账。
Handing in the same key and body again answers the first receipt; nothing is posted twice.";

pub const HELP_CORRECT: &str = "\
当日抹账、当年红字、跨年蓝字，由两个日期决定。
Same day: cancelled; same year: red; earlier year: blue on the other side.

例 / Example:
  piaohao correct 1234 --class operator --cause 串户 --evidence CZ-2026-001 \\
    --applicant li --verifier zhao --approver qian --poster sun --rebook right.json";

pub const HELP_SERVE: &str = "\
示例 / Examples:
  piaohao serve                                # http://127.0.0.1:8080
  piaohao serve --listen 0.0.0.0:8443 --certificate cert.pem --key key.pem
  curl -s localhost:8080/ready                 # writer
piaohao.toml 的 [serve] 可写 listen、certificate、key、[serve.limits] 和 [serve.oidc]；命令行与环境变量优先。
`[serve]` of piaohao.toml takes listen, certificate, key, [serve.limits] and [serve.oidc]; flags and
the environment come first. PIAOHAO_LOG=debug logs every request.";

pub const HELP_BACKUP: &str = "\
示例 / Examples:
  piaohao backup --to /backup/demo             # 第一次全量，以后只添新增 / whole, then what is new
  piaohao --home new restore --from /backup/demo
  piaohao --home new restore --from /backup/demo --store env:BOOKS --until 2026-01-05T12:00:00Z
备份可在服务进行中做；恢复只写入空库，完成后全部重算核对。备份内有密码摘要，须妥善保管。
Backups are made while the bank is served. Restore fills an empty store and proves it afterwards.
A backup holds digests of passwords and tokens: keep it safe.";

pub const HELP_DAY: &str = "\
例 / Examples:
  piaohao day open                     # 下一营业日 / the next business day
  piaohao day close --institution 0101 # 一个机构签退 / one institution stops
  piaohao day close                    # 全行结账 / the whole bank
  piaohao day status";

pub const HELP_RULEBOOK: &str = "\
例 / Examples:
  piaohao rulebook check --overlay own         # 自带的规则库加本行的文件 / with the bank's own files
  piaohao rulebook show CASH-020
  piaohao rulebook coverage --module CASH
  piaohao rulebook words                       # 判断、动作、要素类型 / rules, verbs, types
  piaohao rulebook schema > rulebook.schema.json
  piaohao rulebook activate --overlay own";

pub const HELP_REPORT: &str = "\
例 / Examples:
  piaohao report list
  piaohao report 日计表 --date 2026-01-05
  piaohao report trial-balance --format xlsx --output 试算平衡表.xlsx
  piaohao report account-book --account 6217… --from 2026-01-01 --to 2026-03-31";

// The office.

pub const HELP_OFFICE: &str = "\
示例 / examples:
  piaohao office enrol people.csv
  piaohao --operator hua office open CASH-020 from=0000/vault to=0101/branch notes=100:5000
  piaohao --operator kong office act 8 dispatch seal_no=F001 --with kuang
  piaohao --operator gao office queue";

pub const DEMO_AUTHORISER: &str = "demo-head";
pub const DEMO_CAPITAL: &str = "实收资本";
pub const PHASE_OFFICE: Label = ("柜面一日", "a day at the counters");
pub const DEMO_PEOPLE: Label = ("柜员", "operators");
pub const DEMO_REQUESTS: Label = ("事项办理", "requests to the office");

pub fn matter_stands(said: &bank::office::request::Said) -> Say {
    use bank::office::event::Going;
    let (id, number) = (said.matter, &said.number);
    match &said.at {
        Going::Step(step) => say(
            format!("事项 {id} {number}：待办步骤 {step}"),
            format!("matter {id} {number} waits at {step}"),
        ),
        Going::End(end) => say(
            format!("事项 {id} {number}：已办结（{end}）"),
            format!("matter {id} {number} has ended: {end}"),
        ),
    }
}

pub fn operators_enrolled(count: usize) -> Say {
    say(format!("已登记柜员 {count} 名"), format!("{count} operators enrolled"))
}

pub fn requests_done(count: u64) -> Say {
    say(format!("已办理请求 {count} 项"), format!("{count} requests done"))
}

pub fn clock_ticked(count: u64) -> Say {
    say(format!("超时升级 {count} 项"), format!("{count} matters passed on"))
}

pub fn records_mended(count: u64) -> Say {
    say(
        format!("已由区块重建已办结事项 {count} 件"),
        format!("{count} records of ended matters made again from the blocks"),
    )
}

pub fn backing_up() -> Say {
    say("备份", "backing up")
}

pub fn restoring() -> Say {
    say("恢复", "restoring")
}

pub fn backed_up(made: &crate::backup::Made) -> Say {
    let crate::backup::Made { tip, blocks, documents, sealed, bytes, .. } = made;
    say(
        format!(
            "已备份至第 {tip} 块：新增 {blocks} 块、附件 {documents} 件、封存期 {sealed} 个，\
             {bytes} 字节"
        ),
        format!(
            "backed up to block {tip}: {blocks} blocks, {documents} documents and {sealed} sealed \
             periods are new, {bytes} bytes"
        ),
    )
}

pub fn restored(restored: &crate::backup::Restored) -> Say {
    let crate::backup::Restored { bank, seq, at, documents, sealed } = restored;
    let at = jiff::Timestamp::from_microsecond(*at).unwrap_or_default();
    say(
        format!(
            "已恢复 {bank} 至第 {seq} 块（{at}）：附件 {documents} 件、封存期 {sealed} 个，开始核验"
        ),
        format!(
            "`{bank}` restored to block {seq} of {at}: {documents} documents, {sealed} sealed \
             periods; now it is verified"
        ),
    )
}
