//! Breaking a text into lines, whatever a character's width is counted in.

/// Punctuation that begins no line.
const CLOSING: &str = "。，、；：！？）》”";

/// Breaks at spaces where it can, and between any two Chinese characters; always one line or more.
pub(super) fn wrap(
    text: &str,
    width: usize,
    mut width_of: impl FnMut(char) -> usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut current, mut taken) = (String::new(), 0);
    for character in text.chars() {
        let next = width_of(character);
        if taken + next > width && !current.is_empty() {
            if character == ' ' {
                lines.push(std::mem::take(&mut current));
                taken = 0;
                continue;
            }
            let carried = carried(&mut current, character);
            taken = carried.chars().map(&mut width_of).sum();
            lines.push(std::mem::replace(&mut current, carried).trim_end().to_owned());
        }
        current.push(character);
        taken += next;
    }
    lines.push(current);
    lines
}

/// What goes to the next line with the character that begins it: the rest of a Latin word, or the
/// character that closing punctuation belongs to. Chinese breaks anywhere else.
fn carried(current: &mut String, next: char) -> String {
    let is_one = current.chars().nth(1).is_none();
    if CLOSING.contains(next) && !is_one {
        return current.pop().map(String::from).unwrap_or_default();
    }
    match current.rfind(' ') {
        Some(at) if next.is_ascii() && current[at..].is_ascii() => current.split_off(at + 1),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthChar as _;

    fn wrap(text: &str, width: usize) -> Vec<String> {
        super::wrap(text, width, |one| one.width().unwrap_or(0))
    }

    #[test]
    fn lines_break_between_words_and_between_characters() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("中国人民银行", 5), ["中国", "人民", "银行"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("登记调整。", 8), ["登记调", "整。"]);
        assert_eq!(wrap("", 3), [""]);
        assert_eq!(wrap("中", 1), ["中"]);
        assert_eq!(wrap("。。", 1), ["。", "。"]);
    }
}
