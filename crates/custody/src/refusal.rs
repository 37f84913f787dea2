//! What custody refuses, in one place. A field is named as most forms name it, `notes` or
//! `serials`; who calls with another form says `.at(…)`.

use crate::moves::{Count, Note, PIECES_MAX};
use crate::serial::{PREFIX_BYTES_MAX, Range, Serial};
use ledger::Again::{Never, WhenFactsChange};
use ledger::refusal::{Refusal, refuse};

// Places and notes.

pub fn same_place(place: &str) -> Refusal {
    refuse(
        "SamePlace",
        "to",
        Never,
        format!("移出和移入是同一处：{place}"),
        format!("nothing can be moved from `{place}` to itself"),
    )
}

pub fn nothing_moved(field: &str) -> Refusal {
    refuse(
        "NothingMoved",
        field,
        Never,
        "没有列出要移动或登记的内容",
        "nothing is listed that would be moved or marked",
    )
}

pub fn pieces_not_positive(count: &Count) -> Refusal {
    let (denom, pieces) = (&count.note.denom, count.pieces);
    refuse(
        "PiecesNotPositive",
        "notes",
        Never,
        format!("{denom} 的张（枚）数应大于零（收到 {pieces}）"),
        format!("there must be more than none of {denom} (got {pieces})"),
    )
}

pub fn too_many_pieces(field: &str) -> Refusal {
    refuse(
        "TooManyPieces",
        field,
        Never,
        format!("数量过大：一次最多 {PIECES_MAX}，一处所存也有上限"),
        format!("too many: {PIECES_MAX} at once at most, and a place has an upper limit too"),
    )
}

pub fn same_class(note: &Note) -> Refusal {
    let (denom, zh, en) = (&note.denom, note.class.zh(), note.class.en());
    refuse(
        "SameClass",
        "notes",
        Never,
        format!("{denom} 清分前后都是{zh}"),
        format!("{denom} are {en} before they are sorted and after"),
    )
}

/// 券别库存不足.
pub fn notes_not_held(place: &str, wanted: &Count, held: i64) -> Refusal {
    let Count { note: Note { denom, class }, pieces } = wanted;
    let (zh, en) = (class.zh(), class.en());
    refuse(
        "NotesNotHeld",
        "notes",
        WhenFactsChange,
        format!("{place} 的 {denom} {zh}不足：需 {pieces}，实存 {held}"),
        format!("`{place}` holds {held} of {denom} ({en}), not {pieces}"),
    )
}

// Serials as text.

pub fn serial_malformed(text: &str) -> Refusal {
    refuse(
        "SerialMalformed",
        "serials",
        Never,
        format!("号码“{text}”格式不正确，应为“种类:冠字号码”，如 cheque:AB00000007"),
        format!("`{text}` is not a number; write kind:number, like cheque:AB00000007"),
    )
}

pub fn range_malformed(text: &str) -> Refusal {
    refuse(
        "RangeMalformed",
        "serials",
        Never,
        format!("号段“{text}”格式不正确，应如 cheque:AB00000001-AB00000025"),
        format!("`{text}` is not a range; write it like cheque:AB00000001-AB00000025"),
    )
}

pub fn prefixes_differ(text: &str) -> Refusal {
    refuse(
        "PrefixesDiffer",
        "serials",
        Never,
        format!("号段“{text}”起号和止号的冠字应相同；止号的冠字可以省略"),
        format!("both ends of `{text}` have one prefix; the second may be left out"),
    )
}

pub fn kind_malformed(kind: &str) -> Refusal {
    refuse(
        "KindMalformed",
        "serials",
        Never,
        format!("种类“{kind}”格式不正确，应由小写字母、数字和下划线组成，如 cheque"),
        format!("kind `{kind}` is to be of a-z, 0-9 and _, like cheque"),
    )
}

pub fn prefix_malformed(prefix: &str) -> Refusal {
    let max = PREFIX_BYTES_MAX;
    refuse(
        "PrefixMalformed",
        "serials",
        Never,
        format!(
            "冠字“{prefix}”应为字母，可含“-”和数字，不以数字结尾，“-”前不是数字，最长 {max} 字节"
        ),
        format!("prefix `{prefix}` is letters, `-` not after a digit, no digit last, {max} bytes"),
    )
}

// Ranges.

pub fn range_backwards(range: &Range) -> Refusal {
    refuse(
        "RangeBackwards",
        "serials",
        Never,
        format!("号段 {range} 的止号小于起号"),
        format!("range {range} ends before it begins"),
    )
}

/// `first` is the first number of the range that is not at the place; it is at `instead`, if it
/// exists.
pub fn range_not_held(
    place: &str,
    range: &Range,
    (first, instead): (&Serial, Option<&str>),
) -> Refusal {
    let (zh, en) = match instead {
        Some(instead) => (format!("在 {instead}"), format!("is at `{instead}`")),
        None => ("不存在".to_owned(), "does not exist".to_owned()),
    };
    refuse(
        "RangeNotHeld",
        "serials",
        WhenFactsChange,
        format!("{place} 没有号段 {range} 的全部号码：{first} {zh}"),
        format!("`{place}` does not hold all of {range}: {first} {en}"),
    )
}

/// 重号.
pub fn range_overlaps(range: &Range, existing: &Range, place: &str) -> Refusal {
    refuse(
        "RangeOverlaps",
        "serials",
        Never,
        format!("号段 {range} 与已有号段 {existing}（在 {place}）重号"),
        format!("range {range} has numbers of {existing}, which is at `{place}`"),
    )
}

pub fn range_void(range: &Range, void: &Serial) -> Refusal {
    refuse(
        "RangeVoid",
        "serials",
        Never,
        format!("号段 {range} 中的 {void} 已作废"),
        format!("number {void} of range {range} is void"),
    )
}

/// 跳号.
pub fn serial_skipped(place: &str, expected: &Serial, given: &Serial) -> Refusal {
    refuse(
        "SerialSkipped",
        "serials",
        WhenFactsChange,
        format!("{place} 应从 {expected} 起顺序使用，不得跳到 {given}"),
        format!("`{place}` uses its numbers in order: {expected} is next, not {given}"),
    )
}

pub fn stock_cannot_leave(range: &Range) -> Refusal {
    refuse(
        "StockCannotLeave",
        "to",
        Never,
        format!("号段 {range} 已登记，号码不能移出登记簿；销毁的请移至销毁处"),
        format!("range {range} cannot go outside: a number is never forgotten, destroyed or not"),
    )
}

pub fn thing_unknown(thing: &Serial) -> Refusal {
    refuse(
        "ThingUnknown",
        "serials",
        WhenFactsChange,
        format!("没有登记 {thing}"),
        format!("there is no {thing}"),
    )
}
