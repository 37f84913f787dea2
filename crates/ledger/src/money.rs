//! Amounts of money as text: minor units in, minor units out, and the Chinese capitals
//! (人民币大写) that vouchers carry. Amounts are whole numbers of the unit's smallest part; how many
//! decimals that part has (`digits`) belongs to the unit: CNY 2, JPY 0, KWD 3.

use crate::refusal::{Refusal, amount_malformed, amount_overflow, amount_too_precise};

/// Reads "1234.50" or "1,234.50" into minor units. Without a sign: which side an amount stands on
/// is said by debit and credit. Commas, if any, must part every three digits, so that a decimal
/// comma ("12,50") is not taken for thousands.
pub fn parse(text: &str, digits: u8, field: &str) -> Result<i64, Refusal> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let malformed = || amount_malformed(field, text);
    let whole = ungrouped(whole).ok_or_else(malformed)?;
    let fraction = match fraction {
        Some(fraction) if is_digits(fraction) => fraction,
        Some(_) => return Err(malformed()),
        None => "",
    };
    if fraction.len() > usize::from(digits) {
        return Err(amount_too_precise(field, text, digits));
    }
    let padding = std::iter::repeat_n('0', usize::from(digits) - fraction.len());
    let mut minor: i64 = 0;
    for digit in whole.chars().chain(fraction.chars()).chain(padding) {
        let digit = i64::from(digit.to_digit(10).expect("only digits are left"));
        minor = minor
            .checked_mul(10)
            .and_then(|minor| minor.checked_add(digit))
            .ok_or_else(|| amount_overflow(field, text))?;
    }
    Ok(minor)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The whole part without its thousands commas; nothing if it is not one.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let grouped = whole.len() > first.len();
    if !is_digits(first) || (grouped && first.len() > 3) {
        return None;
    }
    let mut text = first.to_owned();
    for group in groups {
        if group.len() != 3 || !is_digits(group) {
            return None;
        }
        text.push_str(group);
    }
    Some(text)
}

/// "-1234.50": what files and interfaces carry, and what [`parse`] reads.
pub fn plain(minor: i128, digits: u8) -> String {
    let (sign, whole, fraction) = parts(minor, digits);
    join(sign, &whole, &fraction)
}

/// "-1,234.50": what people read.
pub fn display(minor: i128, digits: u8) -> String {
    let (sign, whole, fraction) = parts(minor, digits);
    let mut spaced = String::with_capacity(whole.len() * 4 / 3 + 1);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            spaced.push(',');
        }
        spaced.push(digit);
    }
    join(sign, &spaced, &fraction)
}

fn parts(minor: i128, digits: u8) -> (&'static str, String, String) {
    let digits = usize::from(digits);
    let text = format!("{:0width$}", minor.unsigned_abs(), width = digits + 1);
    let (whole, fraction) = text.split_at(text.len() - digits);
    (if minor < 0 { "-" } else { "" }, whole.to_owned(), fraction.to_owned())
}

fn join(sign: &str, whole: &str, fraction: &str) -> String {
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{fraction}")
}

const CAPITALS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];

/// 人民币大写 of an amount in fen, without the words 人民币 that the form itself prints:
/// 壹佰贰拾叁元肆角伍分. 整 closes an amount that ends in 元, not one that ends in 角 or 分.
///
/// Source: 支付结算办法, 附一 正确填写票据和结算凭证的基本规定 (its examples are the test below).
/// Where the rule leaves a 零 to choice (元位 or 万位 is 0 but the next is not), none is written.
pub fn capitals(fen: i128) -> String {
    let sign = if fen < 0 { "负" } else { "" };
    let fen = fen.unsigned_abs();
    let (yuan, jiao, cent) = (fen / 100, digit(fen / 10), digit(fen));
    let mut text = sign.to_owned();
    if yuan > 0 || fen == 0 {
        text.push_str(&capitals_whole(yuan));
        text.push('元');
    }
    if jiao == 0 && cent == 0 {
        text.push('整');
        return text;
    }
    if jiao > 0 {
        text.push_str(CAPITALS[jiao]);
        text.push('角');
    } else if yuan > 0 {
        text.push('零');
    }
    if cent > 0 {
        text.push_str(CAPITALS[cent]);
        text.push('分');
    }
    text
}

fn digit(number: u128) -> usize {
    usize::try_from(number % 10).expect("a digit is below ten")
}

/// The rank that a word names, the word, and the capitals on both sides of it.
fn capitals_whole(number: u128) -> String {
    const RANKS: [(u128, &str); 5] =
        [(100_000_000, "亿"), (10_000, "万"), (1_000, "仟"), (100, "佰"), (10, "拾")];
    let Some((rank, word)) = RANKS.iter().find(|(rank, _)| number >= *rank) else {
        return CAPITALS[digit(number)].to_owned();
    };
    let (high, low) = (number / rank, number % rank);
    let mut text = capitals_whole(high) + word;
    if low > 0 {
        // A gap inside the number is spoken as one 零, however many zeros it is long.
        if low < rank / 10 {
            text.push('零');
        }
        text.push_str(&capitals_whole(low));
    }
    text
}

/// 四舍五入: the nearest whole number, a half going away from zero on both sides.
pub fn round_half_up(numerator: i128, denominator: i128) -> i128 {
    assert!(denominator > 0, "a denominator is positive");
    let (whole, rest) = (numerator / denominator, numerator.unsigned_abs() % denominator as u128);
    let up = rest >= denominator as u128 - rest;
    if up { whole + numerator.signum() } else { whole }
}

/// Greatest common divisor of a number and a positive one: keeps exact fractions small.
pub fn common_divisor(number: i128, positive: i128) -> i128 {
    let (mut a, mut b) = (number.unsigned_abs(), positive.unsigned_abs());
    while a != 0 {
        (a, b) = (b % a, a);
    }
    i128::try_from(b).expect("it is not above the positive one")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_in_minor_units() {
        for (text, digits, minor) in [
            ("1234.50", 2, 123_450),
            ("1,234.50", 2, 123_450),
            ("1,234,567", 0, 1_234_567),
            ("0.05", 2, 5),
            ("7", 2, 700),
            ("7.5", 3, 7_500),
            ("0", 2, 0),
            ("007.00", 2, 700),
            ("92233720368547758.07", 2, i64::MAX),
        ] {
            assert_eq!(parse(text, digits, "amount").unwrap(), minor, "{text}");
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for (text, digits, code) in [
            ("", 2, "AmountMalformed"),
            (".", 2, "AmountMalformed"),
            (".5", 2, "AmountMalformed"),
            ("5.", 2, "AmountMalformed"),
            ("-5", 2, "AmountMalformed"),
            ("+5", 2, "AmountMalformed"),
            (" 5", 2, "AmountMalformed"),
            ("1e3", 2, "AmountMalformed"),
            ("12,50", 2, "AmountMalformed"),
            ("1234,567", 2, "AmountMalformed"),
            (",123", 2, "AmountMalformed"),
            ("1,23,456", 2, "AmountMalformed"),
            ("1.234,5", 4, "AmountMalformed"),
            ("1.2.3", 4, "AmountMalformed"),
            ("1２3", 2, "AmountMalformed"),
            ("1.005", 2, "AmountTooPrecise"),
            ("100.0", 0, "AmountTooPrecise"),
            ("92233720368547758.08", 2, "AmountOverflow"),
            ("99999999999999999999999999999999999999999999", 2, "AmountOverflow"),
        ] {
            let refusal = parse(text, digits, "lines[0].amount").unwrap_err();
            assert_eq!((refusal.code, refusal.field.as_str()), (code, "lines[0].amount"), "{text}");
        }
    }

    #[test]
    fn amounts_are_shown_plain_and_grouped() {
        assert_eq!(plain(123_450, 2), "1234.50");
        assert_eq!(plain(-5, 2), "-0.05");
        assert_eq!(plain(5, 0), "5");
        assert_eq!(plain(5, 3), "0.005");
        assert_eq!(display(123_450, 2), "1,234.50");
        assert_eq!(display(-100_000_000, 2), "-1,000,000.00");
        assert_eq!(display(12_345, 2), "123.45");
        assert_eq!(display(1_000, 0), "1,000");
        assert_eq!(display(i128::MIN, 0), "-170,141,183,460,469,231,731,687,303,715,884,105,728");
    }

    #[test]
    fn capitals_follow_the_examples_of_the_rule() {
        for (fen, text) in [
            (140_950, "壹仟肆佰零玖元伍角"),
            (600_714, "陆仟零柒元壹角肆分"),
            (168_032, "壹仟陆佰捌拾元叁角贰分"),
            (10_700_053, "壹拾万柒仟元伍角叁分"),
            (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
            (32_504, "叁佰贰拾伍元零肆分"),
        ] {
            assert_eq!(capitals(fen), text);
        }
    }

    #[test]
    fn capitals_at_the_edges() {
        for (fen, text) in [
            (12_345, "壹佰贰拾叁元肆角伍分"),
            (0, "零元整"),
            (5, "伍分"),
            (50, "伍角"),
            (55, "伍角伍分"),
            (1_000, "壹拾元整"),
            (1_001, "壹拾元零壹分"),
            (10_000_000, "壹拾万元整"),
            (10_000_100, "壹拾万零壹元整"),
            (100_050_000, "壹佰万零伍佰元整"),
            (10_000_000_000, "壹亿元整"),
            (10_000_500_000, "壹亿零伍仟元整"),
            (1_000_100_010_100, "壹佰亿零壹佰万零壹佰零壹元整"),
            (100_000_000_000_000, "壹万亿元整"),
            (-12_000, "负壹佰贰拾元整"),
            (
                i128::from(i64::MAX),
                "玖亿贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分",
            ),
        ] {
            assert_eq!(capitals(fen), text);
        }
    }

    #[test]
    fn a_half_goes_away_from_zero() {
        for (numerator, denominator, rounded) in
            [(5, 10, 1), (4, 10, 0), (-5, 10, -1), (-4, 10, 0), (15, 10, 2), (25, 10, 3), (1, 3, 0)]
        {
            assert_eq!(round_half_up(numerator, denominator), rounded);
        }
        assert_eq!(round_half_up(i128::MAX, 1), i128::MAX);
        assert_eq!(round_half_up(i128::MAX, i128::MAX), 1);
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 0..=i64::MAX, digits in 0_u8..=6) {
            let shown = i128::from(minor);
            prop_assert_eq!(parse(&plain(shown, digits), digits, "").unwrap(), minor);
            prop_assert_eq!(parse(&display(shown, digits), digits, "").unwrap(), minor);
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*", digits in 0_u8..=6) {
            let _ = parse(&text, digits, "");
        }
    }
}
