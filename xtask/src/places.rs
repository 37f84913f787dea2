//! Where things stand: the line of an offset in a text.

/// The line number, from 1, of a byte offset.
pub fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn lines_count_from_one() {
        assert_eq!(super::line_at("a\nb\n", 0), 1);
        assert_eq!(super::line_at("a\nb\n", 2), 2);
    }
}
