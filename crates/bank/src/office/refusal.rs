//! The refusals of the office, made here and nowhere else.

use custody::{Range, Serial};
use ledger::chart::Title;
use ledger::refusal::Again::{Never, WhenFactsChange};
use ledger::refusal::refuse;
use ledger::{Day, Refusal};
use rust_decimal::Decimal;

pub fn wrong_type(field: &str, given: &str, zh: &str, en: &str) -> Refusal {
    refuse(
        "WrongType",
        field,
        Never,
        format!("{field} 应为{zh}，而不是“{given}”"),
        format!("`{field}` is {en}, not `{given}`"),
    )
}

pub fn not_a_choice(field: &str, given: &str, choices: &str) -> Refusal {
    refuse(
        "NotAChoice",
        field,
        Never,
        format!("{field} 不能取 {given}；可取：{choices}"),
        format!("`{field}` cannot be `{given}`; choices: {choices}"),
    )
}

pub fn unknown(field: &str, (zh, en): (&str, &str), code: &str) -> Refusal {
    refuse(
        "UnknownThing",
        field,
        WhenFactsChange,
        format!("没有{zh} {code}"),
        format!("there is no {en} `{code}`"),
    )
}

pub fn unknown_field(field: &str, names: &str) -> Refusal {
    refuse(
        "UnknownField",
        field,
        Never,
        format!("此事项没有要素 {field}；可用的要素：{names}"),
        format!("this matter has no field `{field}`; its fields: {names}"),
    )
}

pub fn field_not_here(field: &str, step: &str) -> Refusal {
    refuse(
        "FieldNotHere",
        field,
        Never,
        format!("要素 {field} 不在步骤 {step} 填写"),
        format!("field `{field}` is not given in step `{step}`"),
    )
}

pub fn computed_field(field: &str) -> Refusal {
    refuse(
        "ComputedField",
        field,
        Never,
        format!("要素 {field} 由系统计算，不能填写"),
        format!("field `{field}` is computed and cannot be given"),
    )
}

pub fn too_many_rows(field: &str, max: usize) -> Refusal {
    refuse(
        "TooManyRows",
        field,
        Never,
        format!("明细超过 {max} 行"),
        format!("there are more than {max} rows"),
    )
}

pub fn attachment_type(field: &str, name: &str, media: &str) -> Refusal {
    refuse(
        "AttachmentType",
        field,
        Never,
        format!("附件 {name} 的类型不受理；可用：{media}"),
        format!("attachment `{name}` is of no type that is taken: {media}"),
    )
}

pub fn attachment_size(field: &str, name: &str, max: u64) -> Refusal {
    refuse(
        "AttachmentSize",
        field,
        Never,
        format!("附件 {name} 为空或超过 {max} 字节"),
        format!("attachment `{name}` is empty or has more than {max} bytes"),
    )
}

pub fn text_length(field: &str, min: Decimal, max: Decimal) -> Refusal {
    refuse(
        "TextLength",
        field,
        Never,
        format!("{field} 应为 {min} 至 {max} 个字"),
        format!("`{field}` has {min} to {max} characters"),
    )
}

pub fn out_of_bounds(field: &str, min: &str, max: &str) -> Refusal {
    refuse(
        "OutOfBounds",
        field,
        Never,
        format!("{field} 应在 {min} 与 {max} 之间"),
        format!("`{field}` lies between {min} and {max}"),
    )
}

pub fn sum_too_large(field: &str) -> Refusal {
    refuse(
        "SumTooLarge",
        field,
        Never,
        format!("{field} 合计超出可记的金额"),
        format!("the sum of `{field}` is beyond what the books hold"),
    )
}

pub fn unknown_matter(id: u64) -> Refusal {
    refuse(
        "UnknownMatter",
        "matter",
        WhenFactsChange,
        format!("没有在办事项 {id}"),
        format!("there is no open matter {id}"),
    )
}

pub fn unknown_matter_kind(code: &str) -> Refusal {
    refuse(
        "UnknownMatterKind",
        "code",
        WhenFactsChange,
        format!("规则库没有事项 {code}"),
        format!("the rulebook has no matter `{code}`"),
    )
}

pub fn matter_ended(id: u64) -> Refusal {
    refuse(
        "MatterEnded",
        "matter",
        Never,
        format!("事项 {id} 已办结"),
        format!("matter {id} has ended"),
    )
}

pub fn stale_version(id: u64, seen: u64, now: u64) -> Refusal {
    refuse(
        "StaleVersion",
        "version",
        WhenFactsChange,
        format!("事项 {id} 已由他人办理（所见版本 {seen}，现为 {now}），请刷新后再办"),
        format!("matter {id} has moved on (seen version {seen}, now {now}): look again"),
    )
}

pub fn step_not_allowed(id: u64, asked: &str, at: &str) -> Refusal {
    refuse(
        "StepNotAllowed",
        "step",
        WhenFactsChange,
        format!("事项 {id} 当前步骤为 {at}，不能办理 {asked}"),
        format!("matter {id} stands at `{at}`: `{asked}` is not its step"),
    )
}

pub fn operator_not_active(field: &str, operator: &str) -> Refusal {
    refuse(
        "OperatorNotActive",
        field,
        WhenFactsChange,
        format!("柜员 {operator} 已锁定或停用"),
        format!("operator `{operator}` is locked or stopped"),
    )
}

pub fn session_expired(field: &str, operator: &str) -> Refusal {
    refuse(
        "SessionExpired",
        field,
        WhenFactsChange,
        format!("柜员 {operator} 的登录已过期，请重新登录"),
        format!("the session of operator `{operator}` has expired: sign in again"),
    )
}

pub fn password_short(least: u32) -> Refusal {
    refuse(
        "PasswordShort",
        "password",
        Never,
        format!("密码至少 {least} 位"),
        format!("a password has {least} characters at least"),
    )
}

pub fn password_plain(classes: u32) -> Refusal {
    refuse(
        "PasswordPlain",
        "password",
        Never,
        format!("密码至少含小写字母、大写字母、数字、其他字符中的 {classes} 类"),
        format!("a password has {classes} of a-z, A-Z, 0-9 and other characters at least"),
    )
}

pub fn password_has_operator() -> Refusal {
    refuse(
        "PasswordHasOperator",
        "password",
        Never,
        "密码不能含柜员号",
        "a password does not contain the operator's number",
    )
}

pub fn password_common() -> Refusal {
    refuse(
        "PasswordCommon",
        "password",
        Never,
        "密码过于常见，请另设",
        "the password is one of the commonest: choose another",
    )
}

pub fn same_operator(field: &str, operator: &str) -> Refusal {
    refuse(
        "SameOperator",
        field,
        Never,
        format!("双人办理须两名不同柜员，{operator} 签了两次"),
        format!("two different operators are needed, and `{operator}` signed twice"),
    )
}

pub fn one_hand_only(operator: &str, step: &str) -> Refusal {
    refuse(
        "OneHandOnly",
        "by",
        Never,
        format!("柜员 {operator} 已在本事项办理步骤 {step}，同一人不能再办"),
        format!(
            "operator `{operator}` had a hand in step `{step}` of this record: another person must",
        ),
    )
}

pub fn hand_given(operator: &str) -> Refusal {
    refuse(
        "HandGiven",
        "by",
        Never,
        format!("本步骤已无需 {operator} 办理"),
        format!("this step needs no hand of `{operator}`"),
    )
}

pub fn assigned_to(id: u64, operator: &str) -> Refusal {
    refuse(
        "AssignedTo",
        "by",
        WhenFactsChange,
        format!("事项 {id} 已转办给 {operator}"),
        format!("matter {id} is assigned to `{operator}`"),
    )
}

pub fn not_the_one(operator: &str, named: &str) -> Refusal {
    refuse(
        "NotTheOne",
        "by",
        Never,
        format!("本步骤由 {named} 办理，不是 {operator}"),
        format!("this step is for `{named}`, not `{operator}`"),
    )
}

pub fn no_authority(code: &str) -> Refusal {
    refuse(
        "NoAuthority",
        "by",
        WhenFactsChange,
        format!("事项 {code} 的金额没有可授权的岗位，请检查权限参数"),
        format!(
            "no post has authority for the amount of this `{code}`: see the authority parameters",
        ),
    )
}

pub fn above_authority(operator: &str, own: &str, needed: &str) -> Refusal {
    refuse(
        "AboveAuthority",
        "by",
        Never,
        format!("金额超过 {operator}（{own}）的权限，须由岗位 {needed} 办理"),
        format!(
            "the amount is above the authority of `{operator}` ({own}): post `{needed}` must act",
        ),
    )
}

pub fn not_your_post(operator: &str, post: &str, at: &str) -> Refusal {
    refuse(
        "NotYourPost",
        "by",
        WhenFactsChange,
        format!("柜员 {operator} 不任机构 {at} 的岗位 {post}"),
        format!("operator `{operator}` does not hold post `{post}` at `{at}`"),
    )
}

pub fn not_booked(from: &str, to: &str) -> Refusal {
    refuse(
        "NotBooked",
        "move",
        Never,
        format!("实物由 {from} 移至 {to} 没有对方科目，请在规则库写明 against"),
        format!("moving from {from} to {to} names no other side: say `against` in the rulebook"),
    )
}

pub fn nothing_in_transit(id: u64) -> Refusal {
    refuse(
        "NothingInTransit",
        "move",
        WhenFactsChange,
        format!("事项 {id} 没有在途实物"),
        format!("matter {id} has nothing in transit"),
    )
}

pub fn cannot_return(id: u64, to: &str) -> Refusal {
    refuse(
        "CannotReturn",
        "to",
        Never,
        format!("事项 {id} 不能退回到 {to}：该步骤不在之前，或其后已有记账、移库"),
        format!(
            "matter {id} cannot go back to `{to}`: it is no earlier step, or what followed stands",
        ),
    )
}

pub fn has_effects(id: u64) -> Refusal {
    refuse(
        "EffectsStand",
        "matter",
        Never,
        format!("事项 {id} 已有记账或移库，不能否决、撤回或作废，请另办冲正事项"),
        format!("matter {id} has moved money or things: correct it with another matter"),
    )
}

pub fn nothing_to_refuse(id: u64) -> Refusal {
    refuse(
        "NothingToRefuse",
        "matter",
        Never,
        format!("事项 {id} 须办理：按计划或由其他事项发起，没有可否决的内容"),
        format!("matter {id} is to be dealt with: nobody has made anything that could be refused"),
    )
}

pub fn not_opener(id: u64, opener: &str) -> Refusal {
    refuse(
        "NotOpener",
        "by",
        Never,
        format!("事项 {id} 只能由发起人 {opener} 撤回或作废"),
        format!("only `{opener}`, who opened matter {id}, may withdraw or void it"),
    )
}

pub fn already_taken(id: u64) -> Refusal {
    refuse(
        "AlreadyTaken",
        "matter",
        Never,
        format!("事项 {id} 后续步骤已办理，不能撤回；请后手退回"),
        format!("the next step of matter {id} has been taken: ask for it to be returned"),
    )
}

pub fn not_involved(id: u64, operator: &str) -> Refusal {
    refuse(
        "NotInvolved",
        "by",
        Never,
        format!("柜员 {operator} 与事项 {id} 无关"),
        format!("operator `{operator}` has nothing to do with matter {id}"),
    )
}

pub fn no_such_signer(operator: &str) -> Refusal {
    refuse(
        "NoSuchSigner",
        "operator",
        Never,
        format!("没有待签的加签人 {operator}"),
        format!("no signature of `{operator}` is waited for"),
    )
}

pub fn note_missing(verb: &str) -> Refusal {
    refuse("NoteMissing", "note", Never, format!("{verb}须写明理由"), "say why, in `note`")
}

pub fn not_copied(id: u64, operator: &str) -> Refusal {
    refuse(
        "NotCopied",
        "by",
        Never,
        format!("事项 {id} 未抄送给 {operator}"),
        format!("matter {id} was not copied to `{operator}`"),
    )
}

pub fn operators_exist() -> Refusal {
    refuse(
        "OperatorsExist",
        "operators",
        Never,
        "已有柜员，新增柜员须经权限事项",
        "there are operators already: others are enrolled through a matter",
    )
}

pub fn operator_exists(operator: &str) -> Refusal {
    refuse(
        "OperatorExists",
        "operator",
        Never,
        format!("柜员号 {operator} 已存在"),
        format!("operator `{operator}` exists"),
    )
}

pub fn posts_apart(operator: &str, post: &str, other: &str, why: &Title) -> Refusal {
    let Title { zh, en } = why;
    refuse(
        "PostsApart",
        "post",
        Never,
        format!("柜员 {operator} 已任 {other}，不能兼任 {post}：{zh}"),
        format!("operator `{operator}` holds `{other}`, which is kept apart from `{post}`: {en}"),
    )
}

pub fn no_grant(operator: &str, post: &str) -> Refusal {
    refuse(
        "NoGrant",
        "post",
        WhenFactsChange,
        format!("柜员 {operator} 在该机构没有岗位 {post}"),
        format!("operator `{operator}` holds no post `{post}` there"),
    )
}

pub fn grant_exists(operator: &str, post: &str) -> Refusal {
    refuse(
        "GrantExists",
        "post",
        Never,
        format!("柜员 {operator} 在该机构已任岗位 {post}"),
        format!("operator `{operator}` holds post `{post}` there already"),
    )
}

pub fn period_backwards(field: &str) -> Refusal {
    refuse("PeriodBackwards", field, Never, "止期早于起期", "the period ends before it begins")
}

pub fn date_past(field: &str, day: Day) -> Refusal {
    refuse(
        "DatePast",
        field,
        Never,
        format!("{field} 不能早于营业日 {day}"),
        format!("`{field}` cannot lie before the business day {day}"),
    )
}

pub fn date_ahead(field: &str, day: Day) -> Refusal {
    refuse(
        "DateAhead",
        field,
        WhenFactsChange,
        format!("{field} 晚于营业日 {day}，尚未到期"),
        format!("`{field}` lies after the business day {day}"),
    )
}

pub fn number_value(field: &str, zh: &str, en: &str) -> Refusal {
    refuse(
        "NumberValue",
        field,
        Never,
        format!("参数值不可用：{zh}"),
        format!("the value cannot be used: {en}"),
    )
}

pub fn number_fixed(code: &str) -> Refusal {
    refuse(
        "NumberFixed",
        "code",
        Never,
        format!("参数 {code} 已由账户或库存固定取用，不能按日期更改"),
        format!("the books carry number `{code}` without a date: it cannot change with one"),
    )
}

pub fn number_elsewhere(field: &str, code: &str) -> Refusal {
    refuse(
        "NumberElsewhere",
        field,
        Never,
        format!("参数 {code} 不归本事项调整"),
        format!("number `{code}` is changed by another matter"),
    )
}

pub fn file_moved(field: &str, path: &str) -> Refusal {
    refuse(
        "FileMoved",
        field,
        Never,
        format!("文件 {path} 在起草后已由其他事项修改，请另行起草"),
        format!("file `{path}` was changed after this was drafted: draft it anew"),
    )
}

pub fn file_kind(field: &str, path: &str, kind: &str) -> Refusal {
    refuse(
        "FileKind",
        field,
        Never,
        format!("文件 {path}（{kind}）不归本事项修改"),
        format!("file `{path}`, a `{kind}`, is changed by another matter"),
    )
}

pub fn period_length(
    field: &str,
    (days, (zh, en)): (&str, (&str, &str)),
    (least, bound): (bool, String),
) -> Refusal {
    let (zh_word, en_word) = if least { ("至少", "least") } else { ("至多", "most") };
    refuse(
        "PeriodLength",
        field,
        Never,
        format!("期间为 {days} {zh}，{zh_word} {bound} {zh}"),
        format!("the period has {days} {en}; at {en_word} {bound} are allowed"),
    )
}

pub fn keeps_things(field: &str, operator: &str, what: &str) -> Refusal {
    refuse(
        "KeepsThings",
        field,
        WhenFactsChange,
        format!("柜员 {operator} 名下尚有 {what}，须先移交"),
        format!("operator `{operator}` still keeps `{what}`: it is handed over first"),
    )
}

pub fn own_matter(field: &str, operator: &str) -> Refusal {
    refuse(
        "OwnMatter",
        "by",
        Never,
        format!("柜员 {operator} 是本事项的当事人（{field}），不能办理"),
        format!("operator `{operator}` is the `{field}` of this matter and cannot handle it"),
    )
}

pub fn place_exists(place: &str) -> Refusal {
    refuse(
        "PlaceExists",
        "place",
        Never,
        format!("场所 {place} 已设立"),
        format!("place `{place}` exists"),
    )
}

pub fn place_not_empty(place: &str) -> Refusal {
    refuse(
        "PlaceNotEmpty",
        "place",
        WhenFactsChange,
        format!("场所 {place} 尚有实物，不能撤销"),
        format!("place `{place}` still holds things"),
    )
}

pub fn place_not_open(field: &str, place: &str) -> Refusal {
    refuse(
        "PlaceNotOpen",
        field,
        WhenFactsChange,
        format!("场所 {place} 未设立或已撤销"),
        format!("place `{place}` is not set up"),
    )
}

pub fn wrong_place(field: &str, place: &str, kinds: &str) -> Refusal {
    refuse(
        "WrongPlace",
        field,
        Never,
        format!("{place} 不是 {kinds}"),
        format!("`{place}` is not {kinds}"),
    )
}

pub fn count_differs(field: &str, counted: &str, booked: &str) -> Refusal {
    refuse(
        "CountDiffers",
        field,
        WhenFactsChange,
        format!("清点 {counted} 与账面 {booked} 不符"),
        format!("counted {counted}, and the books say {booked}"),
    )
}

pub fn custody_disagrees(what: &str, held: &str, booked: &str) -> Refusal {
    refuse(
        "CustodyDisagrees",
        "day",
        WhenFactsChange,
        format!("{what} 账实不符：实物 {held}，账面 {booked}"),
        format!("{what}: things {held}, books {booked}"),
    )
}

pub fn box_not_empty(place: &str, held: &str) -> Refusal {
    refuse(
        "BoxNotEmpty",
        "place",
        WhenFactsChange,
        format!("{place} 还有 {held}"),
        format!("`{place}` still holds {held}"),
    )
}

pub fn over_limit(place: &str, held: &str, limit: &str) -> Refusal {
    refuse(
        "OverLimit",
        "place",
        WhenFactsChange,
        format!("{place} 现金 {held} 超过限额 {limit}"),
        format!("cash at `{place}` would be {held}, above its limit {limit}"),
    )
}

pub fn same_in_both(first: &str, second: &str, value: &str) -> Refusal {
    refuse(
        "SameInBoth",
        second,
        Never,
        format!("{first} 与 {second} 不能同为 {value}"),
        format!("`{first}` and `{second}` cannot both be `{value}`"),
    )
}

pub fn sums_differ(first: &str, second: &str, left: &str, right: &str) -> Refusal {
    refuse(
        "SumsDiffer",
        second,
        Never,
        format!("{first} {left} 与 {second} {right} 不等"),
        format!("`{first}` {left} is not `{second}` {right}"),
    )
}

pub fn dates_backwards(first: &str, second: &str) -> Refusal {
    refuse(
        "DatesBackwards",
        second,
        Never,
        format!("{second} 早于 {first}"),
        format!("`{second}` lies before `{first}`"),
    )
}

/// A state in both languages; a thing that nobody registered has none.
fn or_new(state: &str) -> (&str, &str) {
    if state.is_empty() { ("未登记", "not registered") } else { (state, state) }
}

pub fn thing_state(thing: &str, state: &str, wanted: &str) -> Refusal {
    let ((zh, en), (wanted_zh, wanted_en)) = (or_new(state), or_new(wanted));
    refuse(
        "ThingState",
        "thing",
        WhenFactsChange,
        format!("{thing} 状态为 {zh}，须为 {wanted_zh}"),
        format!("`{thing}` is {en}; it must be {wanted_en}"),
    )
}

/// The pair says in both languages what the operator keeps already, or which post keeps it.
pub fn kept_apart(field: &str, operator: &str, (zh, en): (&str, &str), thing: &str) -> Refusal {
    refuse(
        "KeptApart",
        field,
        Never,
        format!("印、押、证分管：{operator} {zh}，不能再保管 {thing}"),
        format!("seals, ciphers, blanks are kept apart: `{operator}` {en}, so not `{thing}`"),
    )
}

pub fn one_at_institution(institution: &str, held: &str, thing: &str) -> Refusal {
    refuse(
        "OneHeld",
        "thing",
        WhenFactsChange,
        format!("机构 {institution} 已有 {held}，同类只能有一枚，不能再有 {thing}"),
        format!("institution `{institution}` has `{held}`, and may have one alone, not `{thing}`"),
    )
}

pub fn not_here(field: &str, thing: &str, (place, found): (&str, Option<&str>)) -> Refusal {
    let (zh, en) = found.map_or(("未登记", "nowhere"), |found| (found, found));
    refuse(
        "NotHere",
        field,
        WhenFactsChange,
        format!("{thing} 不在 {place}（{zh}）"),
        format!("`{thing}` is not at `{place}` but `{en}`"),
    )
}

pub fn mark_differs(
    field: &str,
    (thing, mark): (&str, &str),
    (said, seen): (&str, &str),
) -> Refusal {
    let (zh, en) = if said.is_empty() { ("无", "nothing") } else { (said, said) };
    refuse(
        "MarkDiffers",
        field,
        WhenFactsChange,
        format!("{thing} 登记的 {mark} 为 {zh}，所见为 {seen}"),
        format!("the register says `{en}` for `{mark}` of `{thing}`, and `{seen}` was seen"),
    )
}

pub fn not_keeper(thing: &str, keeper: &str) -> Refusal {
    refuse(
        "NotKeeper",
        "by",
        Never,
        format!("{thing} 由 {keeper} 保管"),
        format!("`{thing}` is kept by `{keeper}`"),
    )
}

pub fn both_halves(field: &str, operator: &str, held: &str, thing: &str) -> Refusal {
    refuse(
        "BothHalves",
        field,
        Never,
        format!("钥匙与密码分管：{operator} 已保管 {held}，不能再保管 {thing}"),
        format!("no one keeps two keys of one door: `{operator}` has {held}, so not {thing}"),
    )
}

pub fn too_few(field: &str, least: &str) -> Refusal {
    refuse(
        "TooFew",
        field,
        Never,
        format!("{field} 至少 {least}"),
        format!("`{field}` is at least {least}"),
    )
}

pub fn too_many(field: &str, most: &str) -> Refusal {
    refuse(
        "TooMany",
        field,
        Never,
        format!("{field} 至多 {most}"),
        format!("`{field}` is at most {most}"),
    )
}

pub fn not_whole_packets(field: &str, per: &str) -> Refusal {
    refuse(
        "NotWholePackets",
        field,
        Never,
        format!("{field} 须整把整捆（每单位 {per}）"),
        format!("`{field}` goes in whole packets of {per}"),
    )
}

pub fn class_differs(field: &str, class: &str, wanted: &str) -> Refusal {
    refuse(
        "ClassDiffers",
        field,
        Never,
        format!("{field} 券类为 {class}，须为 {wanted}"),
        format!("`{field}` has notes that are {class}; they must be {wanted}"),
    )
}

pub fn note_too_large(field: &str, denom: &str, most: &str) -> Refusal {
    refuse(
        "NoteTooLarge",
        field,
        Never,
        format!("{field} 中的 {denom} 面额超过 {most} 元，不是小面额券"),
        format!("`{field}` has {denom}, above {most} yuan: that is no small change"),
    )
}

pub fn label_differs(
    field: &str,
    (thing, attribute): (&str, &str),
    own: &str,
    seen: &str,
) -> Refusal {
    refuse(
        "LabelDiffers",
        field,
        Never,
        format!("{thing} 登记的 {attribute} 为 {own}，所见为 {seen}"),
        format!("`{thing}` was registered with {attribute} {own}, and {seen} is seen"),
    )
}

pub fn exchange_differs(field: &str, given: &str, verdict: &str, pays: &str) -> Refusal {
    refuse(
        "ExchangeDiffers",
        field,
        Never,
        format!("{field} 填 {given}，按剩余面积应为 {verdict}，兑付 {pays}"),
        format!("`{field}` says {given}; what is left is worth {verdict}, {pays}"),
    )
}

pub fn numbers_differ(field: &str, other: &str, given: &str, named: &str) -> Refusal {
    refuse(
        "NumbersDiffer",
        field,
        WhenFactsChange,
        format!("{field} {given} 与 {other} {named} 不符"),
        format!("`{field}` {given} is not `{other}` {named}"),
    )
}

pub fn pieces_differ(field: &str, kind: &str, given: u128, asked: u128) -> Refusal {
    refuse(
        "PiecesDiffer",
        field,
        Never,
        format!("{field} 中 {kind} 为 {given} 份，申请 {asked} 份"),
        format!("`{field}` has {given} of {kind}, and {asked} were asked for"),
    )
}

pub fn not_whole_books(field: &str, range: &Range, per: u64) -> Refusal {
    refuse(
        "NotWholeBooks",
        field,
        Never,
        format!("{range} 须整本（每本 {per} 份）"),
        format!("{range} goes in whole books of {per}"),
    )
}

pub fn other_institution(field: &str, first: &str, second: &str) -> Refusal {
    refuse(
        "OtherInstitution",
        field,
        Never,
        format!("{first} 与 {second} 不属同一机构，须办理调拨"),
        format!("`{first}` and `{second}` belong to two institutions: transfer it"),
    )
}

pub fn not_void(field: &str, range: &Range, good: &Serial) -> Refusal {
    refuse(
        "NotVoid",
        field,
        WhenFactsChange,
        format!("号段 {range} 中的 {good} 未作废"),
        format!("number {good} of range {range} is not void"),
    )
}

pub fn vouchers_out(account: &str, out: &str, back: &str) -> Refusal {
    refuse(
        "VouchersOut",
        "account",
        WhenFactsChange,
        format!("账户 {account} 有未用凭证 {out}，交回的是 {back}"),
        format!("account `{account}` has unused vouchers {out}; {back} come back"),
    )
}

pub fn not_the_best(
    field: &str,
    (chosen, score): (&str, &str),
    (better, total): (&str, &str),
) -> Refusal {
    refuse(
        "NotTheBest",
        field,
        Never,
        format!("{chosen} 得分 {score}，{better} 得分 {total} 更高"),
        format!("`{chosen}` has a score of {score}, and `{better}` one of {total}"),
    )
}

pub fn keep_not_over(thing: &str, until: &str) -> Refusal {
    refuse(
        "KeepNotOver",
        "thing",
        WhenFactsChange,
        format!("{thing} 保管期限至 {until}，尚未届满"),
        format!("`{thing}` is kept until {until}"),
    )
}

pub fn on_hold(thing: &str, why: &str) -> Refusal {
    refuse(
        "OnHold",
        "thing",
        WhenFactsChange,
        format!("{thing} 涉及未了事项（{why}），须抽出保管"),
        format!("`{thing}` is held back: {why}"),
    )
}

pub fn balance_left(account: &str) -> Refusal {
    refuse(
        "BalanceLeft",
        "account",
        WhenFactsChange,
        format!("账户 {account} 尚有余额，不能销户"),
        format!("account `{account}` has a balance"),
    )
}

pub fn system_needs(account: &str) -> Refusal {
    refuse(
        "SystemNeeds",
        "account",
        Never,
        format!("账户 {account} 由系统计息、结转或清算使用，不能销户"),
        format!("account `{account}` is posted to by the system and stays open"),
    )
}

pub fn not_bank_account(account: &str) -> Refusal {
    refuse(
        "NotBankAccount",
        "account",
        Never,
        format!("{account} 不是内部账户"),
        format!("`{account}` is no account of the bank"),
    )
}

pub fn checker_refuses(errors: &str) -> Refusal {
    refuse(
        "CheckerRefuses",
        "files",
        Never,
        format!("规则库未通过检查：{errors}"),
        format!("the rulebook does not pass its check: {errors}"),
    )
}

pub fn lines_unbalanced(debit: &str, credit: &str) -> Refusal {
    refuse(
        "LinesUnbalanced",
        "lines",
        Never,
        format!("借方合计 {debit} 与贷方合计 {credit} 不等"),
        format!("debits {debit} and credits {credit} differ"),
    )
}

pub fn deadline_over(field: &str, deadline: &str) -> Refusal {
    refuse(
        "DeadlineOver",
        field,
        Never,
        format!("已过期限 {deadline}"),
        format!("the time for it ended on {deadline}"),
    )
}

pub fn value_differs(field: &str, given: &str, wanted: &str) -> Refusal {
    refuse(
        "ValueDiffers",
        field,
        Never,
        format!("{field} 为 {given}，应为 {wanted}"),
        format!("`{field}` is {given}; it must be {wanted}"),
    )
}

pub fn document_missing(digest: &str) -> Refusal {
    refuse(
        "DocumentMissing",
        "attachment",
        WhenFactsChange,
        format!("附件 {digest} 尚未存入，请先上传"),
        format!("attachment {digest} is not kept yet: send the file first"),
    )
}

pub fn opened_by_clock(code: &str) -> Refusal {
    refuse(
        "OpenedByClock",
        "code",
        Never,
        format!("事项 {code} 由系统按计划发起"),
        format!("matter `{code}` is opened by the clock alone"),
    )
}
