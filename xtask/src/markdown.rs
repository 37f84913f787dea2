//! The prose of a Markdown page: its lines without code, for checks that must not read examples.

/// Lines with their number from 1; fenced blocks left out, code spans blanked.
pub fn prose(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    for (at, line) in text.lines().enumerate() {
        let mark = ["```", "~~~"].into_iter().find(|mark| line.trim_start().starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) => lines.push((at + 1, without_spans(line))),
            _ => {}
        }
    }
    lines
}

fn without_spans(line: &str) -> String {
    let mut kept = String::new();
    for (at, part) in line.split('`').enumerate() {
        if at % 2 == 0 {
            kept.push_str(part);
        } else {
            kept.push_str("` `");
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn code_is_left_out() {
        let page = "# T\n```sh\n# not a heading\n```\na `b` c\n";
        assert_eq!(prose(page), [(1, "# T".to_owned()), (5, "a ` ` c".to_owned())]);
    }

    #[test]
    fn a_fence_closes_with_its_own_mark() {
        assert_eq!(prose("~~~\n```\n~~~\nx\n"), [(4, "x".to_owned())]);
    }
}
