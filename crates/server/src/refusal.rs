//! What the command line itself refuses, before the bank is asked: files that cannot be read as
//! what they say they are, and homes that are not there.

use ledger::refusal::refuse;
use ledger::{Again, Refusal};

// Homes.

pub fn no_home(folder: &str) -> Refusal {
    refuse(
        "NoHome",
        "--home",
        Again::WhenFactsChange,
        format!("{folder} 不是账簿文件夹（缺少 piaohao.toml），请先 init，或用 --home 指明"),
        format!("`{folder}` is no home (piaohao.toml is missing): run init, or say --home"),
    )
}

pub fn home_taken(folder: &str) -> Refusal {
    refuse(
        "HomeTaken",
        "--home",
        Again::Never,
        format!("{folder} 已有银行，不能再建"),
        format!("`{folder}` has a bank already"),
    )
}

pub fn home_not_ours(folder: &str) -> Refusal {
    refuse(
        "HomeNotOurs",
        "--home",
        Again::Never,
        format!("{folder} 不是演示建立的文件夹，不会删除；请换一个 --home"),
        format!("`{folder}` was not made by a demonstration and is left alone: choose another"),
    )
}

pub fn demo_exists(folder: &str) -> Refusal {
    refuse(
        "DemoExists",
        "--home",
        Again::WhenFactsChange,
        format!("{folder} 已有一次演示；加 --again 删去重来"),
        format!("`{folder}` holds a demonstration: --again removes it and starts anew"),
    )
}

pub fn config_wrong(path: &str, line: usize, says: &str) -> Refusal {
    refuse(
        "ConfigWrong",
        "piaohao.toml",
        Again::Never,
        format!("{path} 第 {line} 行有误：{says}"),
        format!("{path}, line {line}: {says}"),
    )
}

/// One of the two files of TLS is named, and this one is not.
pub fn tls_half(field: &str) -> Refusal {
    refuse(
        "TlsHalf",
        field,
        Again::Never,
        "TLS 的证书（certificate）和私钥（key）须一并给出".to_owned(),
        "give the certificate of TLS and its key together, or neither".to_owned(),
    )
}

pub fn tls_unusable(certificate: &str, key: &str, says: &str) -> Refusal {
    refuse(
        "TlsUnusable",
        "certificate",
        Again::WhenFactsChange,
        format!("证书 {certificate} 和私钥 {key} 不能用于 TLS：{says}"),
        format!("`{certificate}` and `{key}` cannot serve TLS: {says}"),
    )
}

pub fn variable_missing(field: &str, name: &str) -> Refusal {
    refuse(
        "VariableMissing",
        field,
        Again::WhenFactsChange,
        format!("环境变量 {name} 没有设置，piaohao.toml 的 {field} 由它给出"),
        format!("environment variable `{name}` is not set: it holds `{field}` of piaohao.toml"),
    )
}

pub fn secret_on_command_line() -> Refusal {
    refuse(
        "SecretOnCommandLine",
        "--store",
        Again::Never,
        "命令行上的密码人人可见；请把地址放进环境变量或文件，写 env:NAME 或 file:PATH",
        "a password on the command line is seen by all: put the address into the environment \
         or a file and say env:NAME or file:PATH",
    )
}

pub fn another_node_writes(address: &str) -> Refusal {
    refuse(
        "AnotherNodeWrites",
        "",
        Again::WhenFactsChange,
        format!("另一节点 {address} 正在服务本行；请通过其接口办理，或先停止该服务"),
        format!("another node {address} serves this bank: ask it, or stop it first"),
    )
}

pub fn activation_needs_reason() -> Refusal {
    refuse(
        "ActivationNeedsReason",
        "--reason",
        Again::Never,
        "已有柜员，规则变更应办理 PARM-105；确需直接启用（如程序升级），请用 --reason 说明原因",
        "there are operators: rules change by PARM-105; if it must be without, as for a new \
         version of the program, say why with --reason",
    )
}

// Backups.

pub fn no_backup(folder: &str) -> Refusal {
    refuse(
        "NoBackup",
        "--from",
        Again::WhenFactsChange,
        format!("{folder} 中没有备份（缺少 manifest.json）"),
        format!("`{folder}` holds no backup: manifest.json is missing"),
    )
}

pub fn backup_damaged(piece: &str, says: &str) -> Refusal {
    refuse(
        "BackupDamaged",
        "",
        Again::Never,
        format!("备份中的 {piece} 与写入时不符：{says}"),
        format!("`{piece}` of the backup is not what was written: {says}"),
    )
}

pub fn backup_format(found: u32, expected: u32) -> Refusal {
    refuse(
        "BackupFormat",
        "",
        Again::Never,
        format!("备份的格式为 {found}，本程序只认 {expected}；请换用相应版本"),
        format!("the backup is of format {found}, this program reads {expected}"),
    )
}

pub fn backup_of_another(bank: &str, seq: u64) -> Refusal {
    refuse(
        "BackupOfAnother",
        "--to",
        Again::Never,
        format!("该文件夹存有 {bank} 截至第 {seq} 块的备份，与本行账簿不是同一条链；请换一个"),
        format!(
            "the folder holds `{bank}` up to block {seq}, which is not of these books: choose \
             another"
        ),
    )
}

pub fn backup_running() -> Refusal {
    refuse(
        "BackupRunning",
        "",
        Again::Later,
        "另一次备份正在写入该文件夹",
        "another backup is being written to this folder",
    )
}

pub fn store_not_empty(bank: &str) -> Refusal {
    refuse(
        "StoreNotEmpty",
        "--store",
        Again::WhenFactsChange,
        format!("库中已有银行 {bank}；恢复只写入空库"),
        format!("the store has a bank `{bank}` already: restore fills an empty one"),
    )
}

pub fn point_before_first() -> Refusal {
    refuse(
        "PointBeforeFirst",
        "--until",
        Again::Never,
        "该时点早于第一块，那时还没有这家银行",
        "the point is before the first block: there was no bank yet",
    )
}

pub fn point_after_backup(tip: u64) -> Refusal {
    refuse(
        "PointAfterBackup",
        "--until-seq",
        Again::Never,
        format!("备份只到第 {tip} 块"),
        format!("the backup ends at block {tip}"),
    )
}

// Files of entries.

pub fn file_unreadable(path: &str, says: &str) -> Refusal {
    refuse(
        "FileUnreadable",
        "file",
        Again::WhenFactsChange,
        format!("文件 {path} 无法读取：{says}"),
        format!("the file `{path}` cannot be read: {says}"),
    )
}

pub fn malformed_line(says: &str) -> Refusal {
    refuse(
        "MalformedLine",
        "",
        Again::Never,
        format!("这一行看不懂：{says}"),
        format!("this line cannot be read: {says}"),
    )
}

pub fn line_too_long(bytes: usize) -> Refusal {
    refuse(
        "LineTooLong",
        "",
        Again::Never,
        format!("这一行超过 {bytes} 个字节；文件可能没有换行，或引号没有闭合"),
        format!("the line is longer than {bytes} bytes: no line ends, or a quote left open?"),
    )
}

pub fn wrong_columns(found: usize, expected: usize) -> Refusal {
    refuse(
        "WrongColumns",
        "",
        Again::Never,
        format!("这一行有 {found} 列，应有 {expected} 列"),
        format!("the row has {found} columns, not {expected}"),
    )
}

pub fn wrong_encoding(offset: u64, encoding: &str) -> Refusal {
    refuse(
        "WrongEncoding",
        "--encoding",
        Again::Never,
        format!("第 {offset} 字节起不是 {encoding}；若文件是国标编码，请加 --encoding gbk"),
        format!("byte {offset} is not {encoding}: for a Chinese legacy file say --encoding gbk"),
    )
}

pub fn truncated_file(says: &str) -> Refusal {
    refuse(
        "TruncatedFile",
        "",
        Again::WhenFactsChange,
        format!("文件不完整：{says}；请重新取得文件，已入账的不会重复入账"),
        format!("the file ends too early: {says}; get it again, what is posted is not repeated"),
    )
}

pub fn unknown_column(column: &str, known: &str) -> Refusal {
    refuse(
        "UnknownColumn",
        column,
        Again::Never,
        format!("文件没有列 {column}；有：{known}"),
        format!("the file has no column `{column}`; it has: {known}"),
    )
}

pub fn mapping_wrong(path: &str, line: usize, says: &str) -> Refusal {
    refuse(
        "MappingWrong",
        "--mapping",
        Again::Never,
        format!("列映射 {path} 第 {line} 行有误：{says}"),
        format!("mapping {path}, line {line}: {says}"),
    )
}

pub fn mapping_missing() -> Refusal {
    refuse(
        "MappingMissing",
        "--mapping",
        Again::Never,
        "CSV 须用 --mapping 说明各列的含义，见 post --help",
        "CSV needs --mapping to say what its columns mean: see post --help",
    )
}

pub fn value_wrong(field: &str, value: &str) -> Refusal {
    refuse(
        "ValueWrong",
        field,
        Again::Never,
        format!("“{value}”不能作为 {field}"),
        format!("`{value}` is no value for `{field}`"),
    )
}

pub fn arrow_column(column: &str, expected: &str, found: &str) -> Refusal {
    refuse(
        "ArrowColumn",
        column,
        Again::Never,
        format!("Arrow 列 {column} 应为 {expected}，而不是 {found}"),
        format!("the Arrow column `{column}` is {found}, not {expected}"),
    )
}

pub fn not_arrow() -> Refusal {
    refuse(
        "NotArrow",
        "",
        Again::Never,
        "这不是 Arrow IPC 流或文件",
        "this is neither an Arrow IPC stream nor a file",
    )
}

pub fn reject_is_input() -> Refusal {
    refuse(
        "RejectIsInput",
        "--reject",
        Again::Never,
        "--reject 与所读的文件是同一个，会毁掉它",
        "--reject names the very file that is read, and would destroy it",
    )
}

pub fn accounts_too_many(accounts: usize) -> Refusal {
    refuse(
        "AccountsTooMany",
        "--file",
        Again::Never,
        format!("一个文件最多开 {accounts} 户，请分成几个文件"),
        format!("one file opens at most {accounts} accounts: split it"),
    )
}

pub fn whole_too_large(entries: usize, lines: usize) -> Refusal {
    refuse(
        "WholeTooLarge",
        "--all-or-nothing",
        Again::Never,
        format!("整体入账最多 {entries} 套凭证、{lines} 笔分录，请分成几个文件"),
        format!("at most {entries} entries or {lines} lines can be posted as one: split the file"),
    )
}

// Arguments that only the books can judge.

pub fn unknown_report(name: &str, known: &str, known_en: &str) -> Refusal {
    refuse(
        "UnknownReport",
        "name",
        Again::Never,
        format!("没有报表 {name}；有：{known}"),
        format!("there is no report `{name}`; there are: {known_en}"),
    )
}

pub fn sealed_day_missing() -> Refusal {
    refuse(
        "SealedDayMissing",
        "archive",
        Again::WhenFactsChange,
        "有已结账的日子没有封存文件，或不是结账时所封；请先运行 verify --reseal",
        "a closed day is not sealed, or not as it was closed: run `verify --reseal` first",
    )
}

pub fn only_today(day: &str, today: &str) -> Refusal {
    refuse(
        "OnlyToday",
        "--date",
        Again::Never,
        format!("此表只有当前营业日 {today} 的数据，没有 {day} 的"),
        format!("this report is known for {today} alone, not for {day}"),
    )
}

pub fn cursor_wrong(cursor: &str) -> Refusal {
    refuse(
        "CursorWrong",
        "--cursor",
        Again::Never,
        format!("“{cursor}”不是上一页给出的位置"),
        format!("`{cursor}` is not where a page before ended"),
    )
}

pub fn output_needed() -> Refusal {
    refuse(
        "OutputNeeded",
        "--output",
        Again::Never,
        "xlsx、pdf 不能显示在终端，请用 --output 写入文件",
        "a workbook or pages cannot be shown on a terminal: say --output FILE",
    )
}

// Reports.

pub fn given_up() -> Refusal {
    refuse(
        "GivenUp",
        "",
        Again::Later,
        "已不再等候，报表没有做完",
        "nobody waits for it any longer: the report was not finished",
    )
}

pub fn font_missing(path: &str) -> Refusal {
    refuse(
        "FontMissing",
        "format",
        Again::WhenFactsChange,
        format!(
            "没有找到中文字体 {path}，不能生成 PDF；请安装 fonts-noto-cjk（Debian），\
             或用 PIAOHAO_FONT、piaohao.toml 的 [serve] font 指明字体文件"
        ),
        format!(
            "there is no Chinese font at {path}, which PDF needs: install fonts-noto-cjk (Debian), \
             or name a font file in PIAOHAO_FONT or as `font` of [serve] in piaohao.toml"
        ),
    )
}

pub fn font_unfit(path: &str, says: &str) -> Refusal {
    refuse(
        "FontUnfit",
        "format",
        Again::WhenFactsChange,
        format!("字体文件 {path} 不能用于打印中文：{says}"),
        format!("the font file {path} cannot print Chinese: {says}"),
    )
}

pub fn table_unfit(format: &str, says: &str) -> Refusal {
    refuse(
        "TableUnfit",
        "format",
        Again::Never,
        format!("此表不能生成 {format} 文件：{says}；请缩小范围或换一种格式"),
        format!("the table cannot be made into {format}: {says}; ask for less or another format"),
    )
}
