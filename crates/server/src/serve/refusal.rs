//! What the service itself refuses, before the bank is asked: who one is, and how much at once.

use ledger::refusal::refuse;
use ledger::{Again, Refusal};

// The node.

pub fn not_the_writer() -> Refusal {
    refuse(
        "NotTheWriter",
        "",
        Again::Later,
        "本节点为备用节点，只供查询；请稍后以同一幂等键重试",
        "this node stands by and only answers reads: try again with the same key",
    )
}

pub fn no_backup_folder() -> Refusal {
    refuse(
        "NoBackupFolder",
        "",
        Again::WhenFactsChange,
        "没有配置备份文件夹；请在 piaohao.toml 的 [serve] 中写明 backup",
        "no folder for backups is configured: [serve] of piaohao.toml names it as `backup`",
    )
}

pub fn busy() -> Refusal {
    refuse(
        "Busy",
        "",
        Again::Later,
        "系统繁忙，请稍后以同一幂等键重试",
        "the bank has its hands full: try again with the same key",
    )
}

pub fn too_many_requests() -> Refusal {
    refuse(
        "TooManyRequests",
        "",
        Again::Later,
        "请求过于频繁，请稍后再试",
        "too many requests: slow down",
    )
}

pub fn not_found(what: &str) -> Refusal {
    refuse(
        "NotFound",
        "",
        Again::Never,
        format!("没有 {what}，或无权查看"),
        format!("there is no {what}, or it is not yours to see"),
    )
}

pub fn malformed(says: &str) -> Refusal {
    refuse(
        "Malformed",
        "",
        Again::Never,
        format!("请求内容有误：{says}"),
        format!("the request cannot be read: {says}"),
    )
}

pub fn method_not_allowed() -> Refusal {
    refuse(
        "MethodNotAllowed",
        "",
        Again::Never,
        "该地址不接受此方法",
        "this address does not take that method",
    )
}

pub fn media_type_wrong(wanted: &str) -> Refusal {
    refuse(
        "MediaTypeWrong",
        "Content-Type",
        Again::Never,
        format!("请求内容须为 {wanted}"),
        format!("the body must be {wanted}"),
    )
}

pub fn too_large(bytes: usize) -> Refusal {
    refuse(
        "TooLarge",
        "",
        Again::Never,
        format!("请求内容超过 {bytes} 字节"),
        format!("the request has more than {bytes} bytes"),
    )
}

pub fn if_match_wrong() -> Refusal {
    refuse(
        "IfMatchWrong",
        "If-Match",
        Again::Never,
        "If-Match 应为读取时 ETag 给出的版本",
        "If-Match wants the version that ETag gave when it was read",
    )
}

pub fn search_not_ready() -> Refusal {
    refuse(
        "SearchNotReady",
        "",
        Again::Later,
        "全文索引尚未打开，请稍后再试",
        "the full-text index is not open yet: try again in a moment",
    )
}

// The day.

pub fn close_under_way() -> Refusal {
    refuse(
        "CloseUnderWay",
        "",
        Again::WhenFactsChange,
        "日终正在进行，请查看进度",
        "the day is being closed already: look at its progress",
    )
}

// Reports.

pub fn took_too_long(seconds: u64) -> Refusal {
    refuse(
        "TookTooLong",
        "",
        Again::WhenFactsChange,
        format!("{seconds} 秒内没有做完，请缩小日期或机构的范围，或稍后再试"),
        format!("not done within {seconds} s: ask for fewer days or a smaller part, or try later"),
    )
}

pub fn not_asked_with(report: &str, field: &str, takes: &str) -> Refusal {
    refuse(
        "NotAskedWith",
        field,
        Again::Never,
        format!("{report} 不用参数 {field}；可用：{takes}"),
        format!("{report} is not asked for with `{field}`; with: {takes}"),
    )
}

pub fn say_institution(codes: &str) -> Refusal {
    refuse(
        "SayInstitution",
        "institution",
        Again::Never,
        format!("您的岗位在几个机构，请指明其一或其下属：{codes}"),
        format!("your posts are at several institutions, say one or one below: {codes}"),
    )
}

// Who one is.

pub fn not_signed_in() -> Refusal {
    refuse("NotSignedIn", "", Again::Never, "请先签到", "sign in first")
}

pub fn session_ended() -> Refusal {
    refuse(
        "SessionEnded",
        "",
        Again::Never,
        "会话已失效，请重新签到；未保存的内容仍在页面上",
        "the session has ended: sign in again, what you typed is still on the page",
    )
}

/// The same words whatever was wrong: nobody learns which numbers there are.
pub fn sign_in_failed() -> Refusal {
    refuse(
        "SignInFailed",
        "password",
        Again::Never,
        "柜员号、密码或动态码不正确，或该柜员不能签到",
        "operator, password or code is wrong, or the operator may not sign in",
    )
}

pub fn provider_wrong(issuer: &str) -> Refusal {
    refuse(
        "ProviderWrong",
        "issuer",
        Again::Never,
        format!("“{issuer}”不能作为单点登录的 issuer：须为 https 地址，仅本机可用 http"),
        format!("`{issuer}` is no issuer: it must be an https address, or http of this machine"),
    )
}

pub fn provider_unreachable() -> Refusal {
    refuse(
        "ProviderUnreachable",
        "",
        Again::Later,
        "单点登录暂不可用，请稍后再试，或用柜员号和密码签到",
        "the single sign-on cannot be reached: try later, or sign in with number and password",
    )
}

/// The same words for an old sign-in, one that nobody began, and one that another browser began.
pub fn sign_in_not_begun() -> Refusal {
    refuse(
        "SignInNotBegun",
        "state",
        Again::Never,
        "本浏览器没有正在进行的单点登录，或已超时，请重新签到",
        "this browser has begun no single sign-on, or too long ago: begin again",
    )
}

pub fn not_vouched() -> Refusal {
    refuse(
        "NotVouched",
        "",
        Again::Never,
        "单点登录未能证明您的身份，请重新签到",
        "the single sign-on did not vouch for who you are: begin again",
    )
}

pub fn second_factor_needed() -> Refusal {
    refuse(
        "SecondFactorNeeded",
        "code",
        Again::Never,
        "请输入动态码",
        "the code of the second factor is needed",
    )
}

pub fn token_wrong() -> Refusal {
    refuse(
        "TokenWrong",
        "",
        Again::Never,
        "令牌无效或已过期",
        "the token is unknown or has expired",
    )
}

pub fn csrf_wrong() -> Refusal {
    refuse(
        "CsrfTokenWrong",
        "X-CSRF-Token",
        Again::Never,
        "缺少或不符的 X-CSRF-Token；请重新载入页面",
        "X-CSRF-Token is missing or wrong: load the page again",
    )
}

pub fn screen_locked() -> Refusal {
    refuse(
        "ScreenLocked",
        "",
        Again::WhenFactsChange,
        "屏幕已锁定，请输入密码解锁",
        "the screen is locked: unlock it with the password",
    )
}

pub fn password_must_change() -> Refusal {
    refuse(
        "PasswordMustChange",
        "",
        Again::WhenFactsChange,
        "须先修改密码",
        "the password has to be changed first",
    )
}

pub fn factor_must_be_set() -> Refusal {
    refuse(
        "FactorMustBeSet",
        "",
        Again::WhenFactsChange,
        "须先启用动态码",
        "a second factor has to be set up first",
    )
}

pub fn password_used_before(count: usize) -> Refusal {
    refuse(
        "PasswordUsedBefore",
        "new",
        Again::Never,
        format!("不能与最近 {count} 次用过的密码相同"),
        format!("it is one of the last {count} passwords"),
    )
}

pub fn nothing_to_issue(operator: &str) -> Refusal {
    refuse(
        "NothingToIssue",
        "operator",
        Again::WhenFactsChange,
        format!("柜员 {operator} 已有密码，且没有批准的重置；请先办理 PARM-117"),
        format!("operator `{operator}` has a password and no reset was approved: open PARM-117"),
    )
}

pub fn not_permitted(operator: &str, zh: &str, en: &str) -> Refusal {
    refuse(
        "NotPermitted",
        "",
        Again::WhenFactsChange,
        format!("柜员 {operator} 的岗位无权办理：{zh}"),
        format!("no post of operator `{operator}` may: {en}"),
    )
}

pub fn ticket_wrong() -> Refusal {
    refuse(
        "TicketWrong",
        "with",
        Again::Never,
        "第二人签到凭据无效、已用或已过期，请第二人重新签到",
        "the second person's ticket is unknown, used or expired: let them sign in again",
    )
}

pub fn code_wrong() -> Refusal {
    refuse("CodeWrong", "code", Again::Never, "动态码不正确", "the code is wrong")
}
