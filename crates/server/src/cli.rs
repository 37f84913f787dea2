//! The command line: every command, its flags and what `--help` says of them, Chinese first.

use crate::messages;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ledger::Day;
use std::path::PathBuf;

/// 票号：银行运营管理系统 / Piaohao: the operations department of a bank
#[derive(Debug, Parser)]
#[command(name = "piaohao", version, max_term_width = 100, after_help = messages::HELP)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    Zh,
    En,
}

#[derive(Debug, Args)]
pub struct Global {
    /// 账簿文件夹 / Folder of the bank's books
    #[arg(long, global = true, env = "PIAOHAO_HOME", default_value = "piaohao-home")]
    #[arg(value_name = "DIR", hide_env_values = true)]
    pub home: PathBuf,
    /// 输出语言 / Language of the answers
    #[arg(long, global = true, env = "PIAOHAO_LANG", default_value = "zh")]
    #[arg(value_name = "zh|en", hide_possible_values = true, hide_env_values = true)]
    pub lang: Lang,
    /// 输出 JSON，供程序读取 / Answer in JSON, for programs
    #[arg(long, global = true)]
    pub json: bool,
    /// 少说话 / Say less
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// 操作员 / Operator on whose behalf this is done
    #[arg(long, global = true, env = "PIAOHAO_OPERATOR", default_value = "console")]
    #[arg(value_name = "NAME", hide_env_values = true)]
    pub operator: String,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// 建行：建立银行、机构和内部账户 / Found a bank: institutions and internal accounts
    #[command(after_help = messages::HELP_INIT)]
    Init(Init),
    /// 机构 / Institutions
    #[command(subcommand)]
    Institution(Institution),
    /// 账户：开户、查询、冻结、销户 / Accounts: open, look up, freeze, close
    #[command(subcommand, after_help = messages::HELP_ACCOUNT)]
    Account(Account),
    /// 记账：逐套凭证，来自 NDJSON、CSV 或 Arrow / Post entries from NDJSON, CSV or Arrow
    #[command(after_help = messages::HELP_POST)]
    Post(Post),
    /// 错账调整：冲正，并可补正 / Correct an entry: undo it and, if need be, book it right
    #[command(after_help = messages::HELP_CORRECT)]
    Correct(Correct),
    /// 营业日：开账、结账 / Business days: open, close
    #[command(subcommand, after_help = messages::HELP_DAY)]
    Day(DayCommand),
    /// 报表 / Reports
    #[command(after_help = messages::HELP_REPORT)]
    Report(Report),
    /// 对账单、分户账明细 / Statement of an account
    Statement(Statement),
    /// 核验：只凭区块重算全部账簿 / Recompute everything from the blocks alone and compare
    Verify(Verify),
    /// 导出全部历史 / Export the whole history
    Export(Export),
    /// 区块的 Arrow 模式，供任何工具读账 / Arrow schemas of a block, so that any tool can read it
    Schema,
    /// 命令补全脚本 / Script that completes commands in a shell
    Completions { shell: Shell },
    /// 规则库 / The rulebook
    #[command(subcommand, after_help = messages::HELP_RULEBOOK)]
    Rulebook(Rulebook),
    /// 事项、人员、实物 / Matters, people and things
    #[command(subcommand, after_help = messages::HELP_OFFICE)]
    Office(Office),
    /// 演示：两万账户、149 个营业日 / Demonstration: 20,000 accounts, 149 business days
    Demo(Demo),
    /// 备份：账簿、附件、封存日，可在服务中进行 / Back the bank up, while it is served or not
    #[command(after_help = messages::HELP_BACKUP)]
    Backup(Backup),
    /// 恢复：由备份重建，可至某一时点 / Make a bank again from a backup, up to a moment
    #[command(after_help = messages::HELP_BACKUP)]
    Restore(Restore),
    /// 服务：通过 HTTP 提供全部功能 / Serve the bank over HTTP
    #[command(after_help = messages::HELP_SERVE)]
    Serve(Serve),
    /// 接口说明（OpenAPI 3.1） / Description of the HTTP interface
    Openapi,
}

#[derive(Debug, Args)]
pub struct Backup {
    /// 备份文件夹；已有备份则只添新增部分 / Folder; one that holds a backup gets only what is new
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// 备份文件夹 / Folder of the backup
    #[arg(long, value_name = "DIR")]
    pub from: PathBuf,
    /// 账簿库，须为空 / Store, which must be empty; as for `init`
    #[arg(long, value_name = "STORE", default_value = "books.db")]
    pub store: String,
    /// 历史库 / Archive of closed days, as for `init`
    #[arg(long, value_name = "ARCHIVE", default_value = "history")]
    pub archive: String,
    /// 恢复到此时刻，如 2026-01-05T12:00:00Z / Up to this instant
    #[arg(long, value_name = "INSTANT", conflicts_with_all = ["until_day", "until_seq"])]
    pub until: Option<jiff::Timestamp>,
    /// 恢复到此营业日终了 / Up to the end of this business day
    #[arg(long, value_name = "DAY", conflicts_with = "until_seq")]
    pub until_day: Option<Day>,
    /// 恢复到此块 / Up to this block
    #[arg(long, value_name = "N")]
    pub until_seq: Option<u64>,
}

#[derive(Debug, Default, Args)]
pub struct Serve {
    /// 监听地址，默认仅本机 / Address to listen at; only this machine reaches the default
    #[arg(long, env = "PIAOHAO_LISTEN", value_name = "ADDRESS", hide_env_values = true)]
    pub listen: Option<std::net::SocketAddr>,
    /// TLS 证书（PEM） / Certificate of TLS
    #[arg(long, env = "PIAOHAO_CERTIFICATE", value_name = "FILE", hide_env_values = true)]
    #[arg(requires = "key")]
    pub certificate: Option<PathBuf>,
    /// TLS 私钥（PEM） / Key of TLS
    #[arg(long, env = "PIAOHAO_KEY", value_name = "FILE", hide_env_values = true)]
    pub key: Option<PathBuf>,
    /// 接收请求踪迹的 OpenTelemetry 采集器，如 http://127.0.0.1:4318 / Collector of traces
    #[arg(long, env = "PIAOHAO_TRACES", value_name = "URL", hide_env_values = true)]
    pub traces: Option<String>,
    /// 日志为 JSON / Log in JSON
    #[arg(long, env = "PIAOHAO_LOG_JSON", hide_env_values = true)]
    pub log_json: bool,
}

#[derive(Debug, Args)]
pub struct Init {
    /// 银行代码 / Code of the bank
    #[arg(long, value_name = "CODE")]
    pub bank: String,
    /// 银行名称 / Name of the bank
    #[arg(long, value_name = "名称")]
    pub title: String,
    /// 英文名称 / Its English name
    #[arg(long, value_name = "NAME", default_value = "")]
    pub title_en: String,
    /// 机构清单，列 code,zh,en,parent / Institutions: CSV with columns code,zh,en,parent
    #[arg(long, value_name = "FILE.csv", conflicts_with = "head_office")]
    pub institutions: Option<PathBuf>,
    /// 只建总行 / Only a head office
    #[arg(long, num_args = 2, value_names = ["CODE", "TITLE"])]
    pub head_office: Vec<String>,
    #[command(flatten)]
    pub source: RulebookSource,
    /// 账簿库：文件名、env:NAME 或 file:PATH / Store: file name, env:NAME or file:PATH
    #[arg(long, value_name = "STORE", default_value = "books.db")]
    pub store: String,
    /// 历史库：文件夹或 s3:// / Archive of closed days: folder or s3://bucket/prefix
    #[arg(long, value_name = "ARCHIVE", default_value = "history")]
    pub archive: String,
    /// 开立的内部账户：all、none 或种类代码 / Internal accounts to open: all, none or kinds
    #[arg(long, value_name = "KINDS", value_delimiter = ',')]
    #[arg(default_value = "cash_vault,cash_teller")]
    pub internal: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub enum Institution {
    /// 增设机构 / Add an institution
    Add {
        /// 机构代码 / Code
        #[arg(required_unless_present = "file")]
        code: Option<String>,
        /// 名称 / Name
        #[arg(long, required_unless_present = "file")]
        title: Option<String>,
        /// 英文名称 / English name
        #[arg(long, default_value = "")]
        title_en: String,
        /// 上级机构，默认总行 / Institution above; default: the head office
        #[arg(long)]
        parent: Option<String>,
        /// 机构清单，列 code,zh,en,parent / CSV with columns code,zh,en,parent
        #[arg(long, conflicts_with_all = ["code", "title"])]
        file: Option<PathBuf>,
        /// 同时开立的内部账户 / Internal accounts to open with it
        #[arg(long, value_name = "KINDS", value_delimiter = ',')]
        #[arg(default_value = "cash_vault,cash_teller")]
        internal: Vec<String>,
    },
    /// 机构一览 / List the institutions
    List,
}

#[derive(Debug, Subcommand)]
pub enum Account {
    /// 开户，一户或一批 / Open an account, or many from a file
    Open(AccountOpen),
    /// 开立内部账户 / Open internal accounts of the bank
    Internal {
        /// 账户种类代码，可多个；all 为全部 / Kinds of account, or `all`
        #[arg(long, value_delimiter = ',', required = true)]
        kind: Vec<String>,
        /// 机构代码 / Institution
        #[arg(long)]
        institution: String,
        /// 币种，默认本位币 / Unit; default: the base currency
        #[arg(long)]
        unit: Option<String>,
    },
    /// 查询一户 / Show an account
    Show { number: String },
    /// 账户一览 / List accounts
    List(AccountList),
    /// 变更账户状态 / Change the status of an account
    Status {
        number: String,
        /// 新状态 / New status: normal, receive_only, pay_only, frozen, dormant
        #[arg(long, value_parser = ["normal", "receive_only", "pay_only", "frozen", "dormant"])]
        to: String,
        /// 事由 / Reason
        #[arg(long)]
        reason: String,
        /// 文号 / Document
        #[arg(long, default_value = "")]
        document: String,
    },
    /// 司法冻结：金额可超过余额，轮候在后 / Freeze by an authority; it may exceed the balance
    Freeze(HoldArgs),
    /// 止付、圈存：不超过可用余额 / Reserve money, no more than is available
    Hold(HoldArgs),
    /// 解除冻结或止付 / Release a freeze or reserve
    Release {
        hold: u64,
        /// 部分解除的金额 / Amount, if not the whole
        #[arg(long)]
        amount: Option<String>,
        /// 事由 / Reason
        #[arg(long)]
        reason: String,
        /// 幂等键 / Idempotency key: a retry does nothing twice
        #[arg(long, default_value = "")]
        key: String,
    },
    /// 从冻结或止付中支付（扣划） / Pay out of a freeze or reserve
    Settle(SettleArgs),
    /// 定期部分支取，利随本清 / Withdraw a part of a time deposit with its interest
    Withdraw {
        number: String,
        /// 支取本金 / Principal
        #[arg(long)]
        amount: String,
        /// 转入账户 / Account that receives the part and its interest
        #[arg(long)]
        to: String,
        /// 经办 / Maker; default: the operator
        #[arg(long)]
        maker: Option<String>,
        /// 复核 / Checker
        #[arg(long, default_value = "")]
        checker: String,
        /// 幂等键；同一户再支取同样金额须另给 / Idempotency key; default: withdraw-NUMBER-AMOUNT,
        /// so a second withdrawal of the same amount needs one of its own
        #[arg(long)]
        key: Option<String>,
    },
    /// 定期到期转存，利息并入本金 / Renew a time deposit at maturity, interest added to it
    Renew {
        number: String,
        /// 新到期日 / New maturity
        #[arg(long)]
        maturity: Day,
        /// 新年利率，如 0.0125 / New annual rate, like 0.0125
        #[arg(long)]
        rate: String,
        /// 经办 / Maker; default: the operator
        #[arg(long)]
        maker: Option<String>,
        /// 复核 / Checker
        #[arg(long, default_value = "")]
        checker: String,
        /// 幂等键 / Idempotency key; default: renew-NUMBER-MATURITY
        #[arg(long)]
        key: Option<String>,
    },
    /// 销户：结清利息，余额转出 / Close an account: interest is paid, the rest goes to --to
    Close {
        number: String,
        /// 转入账户 / Account that receives what is left
        #[arg(long)]
        to: String,
        /// 经办 / Maker; default: the operator
        #[arg(long)]
        maker: Option<String>,
        /// 复核 / Checker
        #[arg(long, default_value = "")]
        checker: String,
        /// 幂等键 / Idempotency key; default: close-NUMBER
        #[arg(long)]
        key: Option<String>,
    },
}

#[derive(Debug, Args)]
pub struct AccountOpen {
    /// 账号 / Account number
    #[arg(required_unless_present = "file")]
    pub number: Option<String>,
    /// 户名 / Name of the holder
    #[arg(long, required_unless_present = "file")]
    pub name: Option<String>,
    /// 账户种类代码 / Kind of account
    #[arg(long, required_unless_present = "file")]
    pub kind: Option<String>,
    /// 开户机构 / Institution
    #[arg(long, required_unless_present = "file")]
    pub institution: Option<String>,
    /// 币种，默认本位币 / Unit; default: the base currency
    #[arg(long)]
    pub unit: Option<String>,
    /// 定期起息日 / First day of the term
    #[arg(long, requires = "maturity")]
    pub from: Option<Day>,
    /// 到期日 / Maturity
    #[arg(long, requires = "rate")]
    pub maturity: Option<Day>,
    /// 年利率，如 0.0125 / Annual rate, like 0.0125
    #[arg(long, requires = "maturity")]
    pub rate: Option<String>,
    /// 批量开户文件，.csv 或 .ndjson / File of accounts: .csv or .ndjson
    #[arg(long, conflicts_with_all = ["number", "name", "kind", "institution"])]
    pub file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct AccountList {
    /// 科目，含下级 / Subject, with those below it
    #[arg(long)]
    pub subject: Option<String>,
    /// 机构 / Institution
    #[arg(long)]
    pub institution: Option<String>,
    /// 状态 / Status
    #[arg(long)]
    pub status: Option<String>,
    /// 账号或户名的一部分 / Part of a number or name
    #[arg(long)]
    pub search: Option<String>,
    /// 排序 / Order
    #[arg(long, value_enum, default_value_t = SortBy::Number)]
    pub sort: SortBy,
    /// 条数 / How many
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
    /// 从这里继续（上一页给出） / Go on from here, as the page before says
    #[arg(long)]
    pub cursor: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SortBy {
    Number,
    Name,
    /// 余额由大到小 / largest balance first
    Balance,
    /// 新开户在前 / newest first
    Opened,
}

#[derive(Debug, Args)]
pub struct HoldArgs {
    pub number: String,
    #[arg(long)]
    pub amount: String,
    /// 有权机关或发起系统 / Authority, or the system that reserves
    #[arg(long)]
    pub authority: String,
    /// 法律文书号 / Number of the writ
    #[arg(long, default_value = "")]
    pub document: String,
    /// 到期日 / Last day of effect
    #[arg(long)]
    pub until: Option<Day>,
    /// 幂等键 / Idempotency key: a retry answers the first hold
    #[arg(long, default_value = "")]
    pub key: String,
}

#[derive(Debug, Args)]
pub struct SettleArgs {
    pub hold: u64,
    #[arg(long)]
    pub amount: String,
    /// 收款账户 / Account that is paid
    #[arg(long, required_unless_present = "entry")]
    pub to: Option<String>,
    /// 经办 / Maker; default: the operator
    #[arg(long)]
    pub maker: Option<String>,
    /// 复核 / Checker
    #[arg(long, default_value = "")]
    pub checker: String,
    /// 授权 / Authoriser
    #[arg(long, default_value = "")]
    pub authoriser: String,
    /// 摘要 / Summary
    #[arg(long, default_value = "")]
    pub summary: String,
    /// 幂等键；同一编号再付同样金额须另给 / Idempotency key; default: settle-HOLD-AMOUNT,
    /// so a second payment of the same amount needs one of its own
    #[arg(long)]
    pub key: Option<String>,
    /// 整套凭证的 JSON 文件 / The whole entry as a JSON file
    #[arg(long, conflicts_with = "to")]
    pub entry: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PostFormat {
    Ndjson,
    Csv,
    Arrow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Charset {
    #[value(name = "utf-8", alias = "utf8")]
    Utf8,
    #[value(name = "gbk", alias = "gb18030")]
    Gbk,
}

#[derive(Debug, Args)]
pub struct Post {
    /// 文件；- 为标准输入 / File; - is standard input
    #[arg(default_value = "-")]
    pub file: PathBuf,
    /// 格式，默认看扩展名 / Format; default: by the extension, else ndjson
    #[arg(long, value_enum)]
    pub format: Option<PostFormat>,
    /// 列映射（TOML），CSV 必需 / Which column fills which field (TOML); CSV needs one
    #[arg(long, value_name = "MAP.toml")]
    pub mapping: Option<PathBuf>,
    /// 字符编码 / Encoding of the text
    #[arg(long, value_enum, default_value = "utf-8")]
    pub encoding: Charset,
    /// 被拒的行写到这里（NDJSON） / Refused lines go here (NDJSON)
    #[arg(long, value_name = "FILE")]
    pub reject: Option<PathBuf>,
    /// 全部入账或全部不入账 / Post the whole file or nothing of it
    #[arg(long)]
    pub all_or_nothing: bool,
    /// 每批凭证套数 / Entries in one batch
    #[arg(long, default_value_t = 8000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub batch: u32,
}

#[derive(Debug, Args)]
pub struct Correct {
    /// 原凭证号 / Number of the wrong entry
    pub entry: u64,
    /// 差错类别 / Class of the error
    #[arg(long, value_parser = ["system", "operator", "customer", "other"])]
    pub class: String,
    /// 原因 / Cause
    #[arg(long)]
    pub cause: String,
    /// 依据 / Reference of the evidence
    #[arg(long)]
    pub evidence: String,
    /// 申请 / Who applies
    #[arg(long)]
    pub applicant: String,
    /// 核实 / Who verified
    #[arg(long)]
    pub verifier: String,
    /// 审批 / Who approved
    #[arg(long)]
    pub approver: String,
    /// 记账 / Who posts
    #[arg(long)]
    pub poster: String,
    /// 告知客户的内容 / What the customer is told
    #[arg(long, default_value = "")]
    pub notice: String,
    /// 补正凭证（JSON） / The right entry (JSON)
    #[arg(long, value_name = "FILE.json")]
    pub rebook: Option<PathBuf>,
    /// 幂等键 / Idempotency key; default: correct-ENTRY
    #[arg(long)]
    pub key: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum DayCommand {
    /// 日初开账，默认下一营业日 / Open a day; default: the next business day
    Open { date: Option<Day> },
    /// 日终结账，或一个机构签退 / Close the day, or one institution for the day
    Close {
        /// 只签退这个机构 / Only this institution stops
        #[arg(long)]
        institution: Option<String>,
        /// 由此人接受日终不为零的账户 / Who accepts accounts that are not zero as they must
        #[arg(long, value_name = "NAME", conflicts_with = "institution")]
        accept: Option<String>,
    },
    /// 撤销机构签退 / Let an institution go on
    Reopen {
        #[arg(long)]
        institution: String,
        /// 事由 / Reason
        #[arg(long)]
        reason: String,
    },
    /// 营业日状态 / Where the day stands
    Status,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Text,
    Csv,
    Json,
    Xlsx,
    Pdf,
}

#[derive(Debug, Args)]
pub struct Report {
    /// 报表名；list 列出全部 / Name of the report; `list` lists them
    pub name: String,
    #[command(flatten)]
    pub scope: Scope,
    #[command(flatten)]
    pub shape: Shape,
}

/// Which books a report is about.
#[derive(Clone, Debug, Default, Args)]
pub struct Scope {
    /// 日期，默认当前营业日 / Day; default: the bank's day
    #[arg(long, conflicts_with_all = ["from", "to"])]
    pub date: Option<Day>,
    /// 起始日 / First day
    #[arg(long)]
    pub from: Option<Day>,
    /// 终止日 / Last day
    #[arg(long)]
    pub to: Option<Day>,
    /// 机构（含下级），默认全行 / Institution with those below it; default: the bank
    #[arg(long)]
    pub institution: Option<String>,
    /// 币种，默认全部 / Unit; default: all
    #[arg(long)]
    pub unit: Option<String>,
    /// 科目 / Subject
    #[arg(long)]
    pub subject: Option<String>,
    /// 账号 / Account
    #[arg(long)]
    pub account: Option<String>,
    /// 科目级次 / Level of subjects
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub level: u8,
}

/// How a report is shown.
#[derive(Clone, Debug, Args)]
pub struct Shape {
    /// 格式；默认 text / Form; default: text
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,
    /// 写入文件 / Write to a file
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Statement {
    pub number: String,
    /// 起始日，默认本月一日 / First day; default: the first of the month
    #[arg(long)]
    pub from: Option<Day>,
    /// 终止日，默认当前营业日 / Last day; default: the bank's day
    #[arg(long)]
    pub to: Option<Day>,
    #[command(flatten)]
    pub shape: Shape,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// 从最近快照起核验，快而不全 / Begin at the newest snapshot: faster, and proves less
    #[arg(long)]
    pub from_snapshot: bool,
    /// 损坏或丢失的封存日由区块重新生成 / Make damaged or lost sealed days again from the blocks
    #[arg(long, conflicts_with = "from_snapshot")]
    pub reseal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    Parquet,
    Csv,
}

#[derive(Debug, Args)]
pub struct Export {
    /// 目标文件夹 / Folder to write to
    #[arg(long, value_name = "DIR")]
    pub to: PathBuf,
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: ExportFormat,
}

/// Where a rulebook is read from.
#[derive(Clone, Debug, Default, Args)]
pub struct RulebookSource {
    /// 规则库文件夹，默认用程序自带的 / Rulebook folder; default: the one built in
    #[arg(long, value_name = "DIR")]
    pub rulebook: Option<PathBuf>,
    /// 本行文件夹：同名文件取代规则库的，其余增补 / The bank's own files: each takes the place of
    /// the rulebook's file of its path, or is added
    #[arg(long, value_name = "DIR")]
    pub overlay: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Rulebook {
    /// 检查规则库，错误带文件、行、列 / Check a rulebook; errors come with file, line, column
    Check {
        /// 同 --rulebook / The same as --rulebook
        #[arg(value_name = "DIR", conflicts_with = "rulebook")]
        dir: Option<PathBuf>,
        #[command(flatten)]
        source: RulebookSource,
        /// 不与现有账簿的科目对照 / Do not compare with the chart of the books at --home
        #[arg(long)]
        alone: bool,
    },
    /// 启用规则库 / Put a rulebook in force
    Activate {
        /// 同 --rulebook / The same as --rulebook
        #[arg(value_name = "DIR", conflicts_with = "rulebook")]
        #[arg(required_unless_present_any = ["rulebook", "overlay"])]
        dir: Option<PathBuf>,
        #[command(flatten)]
        source: RulebookSource,
        /// 已有柜员后必填，记入审计日志 / Why without the matter; needed once there are operators
        #[arg(long, value_name = "TEXT")]
        reason: Option<String>,
    },
    /// 职责覆盖 / Which duties of the mission the rulebook serves
    Coverage {
        /// 只列这个模块 / Only this module, like CASH
        #[arg(long)]
        module: Option<String>,
        #[command(flatten)]
        source: RulebookSource,
    },
    /// 规则库格式的 JSON Schema，供编辑器 / JSON Schema of the rulebook's files, for editors
    Schema {
        /// 只要这一种文件，如 matter / Only this kind of file, like matter
        kind: Option<String>,
    },
    /// 判断、动作、要素类型及其参数 / Rules, verbs and types of field, with their arguments
    Words,
    /// 岗位权限矩阵 / Which post may put which hand to what
    Rights {
        #[command(flatten)]
        source: RulebookSource,
    },
    /// 一个事项、文件、参数或判断 / A matter, a file, a number or a rule by its code
    Show {
        code: String,
        #[command(flatten)]
        source: RulebookSource,
    },
}

#[derive(Debug, Args)]
pub struct Demo {
    /// AMLSim 数据文件夹 / Folder of the AMLSim sample
    #[arg(long, value_name = "DIR", default_value = "testdata/amlsim/20K_cycle200")]
    pub data: PathBuf,
    /// 账簿库 / Store, as for `init`
    #[arg(long, value_name = "STORE", default_value = "books.db")]
    pub store: String,
    /// 删去上一次演示，从头再来 / Remove the last demonstration and start again
    #[arg(long)]
    pub again: bool,
    /// 只做这么多个营业日 / Only so many business days
    #[arg(long, value_name = "N", default_value_t = 149)]
    pub days: u32,
    /// 演示后提供服务；已有演示的直接提供 / Serve it then, or what an earlier demonstration made
    #[arg(long)]
    pub serve: bool,
    /// 监听地址 / Address to listen at
    #[arg(long, value_name = "ADDRESS", env = "PIAOHAO_LISTEN", hide_env_values = true)]
    pub listen: Option<std::net::SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub enum Office {
    /// 开业柜员，列 operator,name,institution,posts / First operators: CSV, posts by blanks
    Enrol { file: PathBuf },
    /// 逐行办理 NDJSON 中的请求 / Hand in the requests of an NDJSON file, one a line
    Run { file: PathBuf },
    /// 发起事项并办理第一步 / Open a matter and take its first step
    Open(OpenForm),
    /// 暂存事项 / Open a matter as a draft
    Draft(OpenForm),
    /// 办理当前步骤 / Put a hand to the step that is waited for
    Act(ActForm),
    /// 退回、否决、撤回、转办等 / Return, refuse, withdraw, transfer and the like
    Handle {
        matter: u64,
        deed: Deed,
        /// 步骤或柜员 / A step, or operators
        #[arg(long)]
        to: Vec<String>,
        /// 理由 / Why
        #[arg(long, default_value = "")]
        note: String,
    },
    /// 请假代理 / Name a deputy for a time of absence
    Absence {
        deputy: String,
        #[arg(long)]
        from: Day,
        #[arg(long)]
        until: Day,
    },
    /// 超时升级 / Pass on what is overdue
    Tick,
    /// 存入附件 / Keep a file as an attachment
    Attach { file: PathBuf },
    /// 待办：mine、copied、opened、机构或岗位 / Queue: mine, copied, opened, institution or post
    Queue {
        #[arg(default_value = "mine")]
        queue: String,
    },
    /// 事项详情与轨迹 / A matter: its fields and who did what
    Show { matter: u64 },
    /// 已办结事项 / Matters that have ended
    List(ListForm),
    /// 登记簿与库存表；list 列出全部 / Registers and lists; `list` names them
    Report(OfficeReport),
    /// 柜员与岗位 / Operators and their posts
    People,
    /// 保管场所 / Places of custody
    Places,
    /// 场所所存现金与号段 / Cash and numbers at a place
    Holdings { place: String },
    /// 查找编号物品，如 cheque:A1 / Find a number, as cheque:A1
    Find { thing: String },
}

#[derive(Debug, Args)]
pub struct OpenForm {
    /// 事项编码 / Code of the matter
    pub code: String,
    /// 要素=值 / field=value
    pub fields: Vec<String>,
    /// 机构，默认本人机构 / Institution; default: one's own
    #[arg(long, default_value = "")]
    pub institution: String,
    /// 同签的柜员 / Who signs with you
    #[arg(long)]
    pub with: Vec<String>,
    /// 幂等键 / Idempotency key
    #[arg(long, default_value = "")]
    pub key: String,
}

#[derive(Debug, Args)]
pub struct ActForm {
    pub matter: u64,
    /// 步骤，后无要素时可略 / Step; may be left out where no field follows
    #[arg(default_value = "")]
    pub step: String,
    /// 要素=值 / field=value
    pub fields: Vec<String>,
    /// 同签的柜员 / Who signs with you
    #[arg(long)]
    pub with: Vec<String>,
    #[arg(long, default_value = "")]
    pub note: String,
    /// 所见版本 / The version that was seen
    #[arg(long)]
    pub version: Option<u64>,
    /// 幂等键 / Idempotency key
    #[arg(long, default_value = "")]
    pub key: String,
}

#[derive(Debug, Args)]
pub struct ListForm {
    /// 事项编码 / Code of the matter
    #[arg(long)]
    pub code: Option<String>,
    /// 机构，可多个 / Institutions
    #[arg(long)]
    pub institution: Vec<String>,
    /// 结局 / How it ended
    #[arg(long)]
    pub state: Option<String>,
    #[arg(long)]
    pub opener: Option<String>,
    /// 编号 / Its number
    #[arg(long)]
    pub number: Option<String>,
    /// 办结日起 / Ended on or after
    #[arg(long)]
    pub from: Option<Day>,
    /// 办结日止 / Ended on or before
    #[arg(long)]
    pub until: Option<Day>,
    /// 翻页：序号小于 / Next page: ids below
    #[arg(long)]
    pub before: Option<u64>,
    #[arg(long, default_value_t = 50)]
    pub limit: usize,
}

#[derive(Debug, Args)]
pub struct OfficeReport {
    /// 名称；list 列出全部 / Name; `list` lists them
    pub name: String,
    /// 登记簿的事项编码 / Code of the matter of a register
    #[arg(long)]
    pub code: Option<String>,
    /// 机构（含下级） / Institution with those below it
    #[arg(long)]
    pub institution: Option<String>,
    #[arg(long)]
    pub from: Option<Day>,
    #[arg(long)]
    pub until: Option<Day>,
    #[command(flatten)]
    pub shape: Shape,
}

/// Office verbs (流转操作).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deed {
    Return,
    Refuse,
    Withdraw,
    Void,
    Transfer,
    Delegate,
    AddSigner,
    RemoveSigner,
    Urge,
    Copy,
    Read,
    Comment,
}
