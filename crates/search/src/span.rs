//! Numbers of things in an index of plain words. A span is cut into cells whose lengths are powers
//! of two and which begin at a multiple of their length: few for any span, and a number lies in
//! just one of each length. So a thing is found in whatever span it lies by looking up a word a
//! length.

/// The longest cell has 2^30 numbers: more things than one move may have.
const LEVEL_MAX: u32 = 30;

/// The numbers `from..=to` of a kind of thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// All that stands before the number.
    pub kind: String,
    pub from: u64,
    pub to: u64,
}

impl Span {
    /// The fewest cells that have its numbers and no others.
    pub(crate) fn cells(&self) -> Vec<String> {
        let mut cells = Vec::new();
        let mut next = Some(self.from);
        while let Some(at) = next.filter(|at| *at <= self.to) {
            let fits = (self.to - at).saturating_add(1).ilog2();
            let level = at.trailing_zeros().min(fits).min(LEVEL_MAX);
            cells.push(cell(&self.kind, level, at));
            next = at.checked_add(1 << level);
        }
        cells
    }
}

/// The cells of all lengths in which a number lies.
pub(crate) fn around(kind: &str, number: u64) -> impl Iterator<Item = String> {
    (0..=LEVEL_MAX).map(move |level| cell(kind, level, number))
}

fn cell(kind: &str, level: u32, number: u64) -> String {
    format!("{kind} {level} {}", number >> level)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: u64, to: u64) -> Span {
        Span { kind: "cheque:AB".to_owned(), from, to }
    }

    #[test]
    fn a_number_meets_the_cells_of_its_span_and_of_no_other() {
        for (from, to) in [(0, 0), (1, 25), (7, 7), (3, 64), (100, 227), (u64::MAX - 4, u64::MAX)] {
            let cells = span(from, to).cells();
            let meets = |number| around("cheque:AB", number).any(|cell| cells.contains(&cell));
            let near = from.saturating_sub(3)..=to.saturating_add(3);
            near.for_each(|n| assert_eq!(meets(n), (from..=to).contains(&n), "{from}-{to}: {n}"));
            assert!(!around("cheque:AC", from).any(|cell| cells.contains(&cell)));
        }
    }

    #[test]
    fn cells_are_few() {
        assert!(span(1, 1_000_000_000).cells().len() < 60);
        assert_eq!(span(1, 8).cells().len(), 4);
        assert_eq!(span(9, 8).cells(), Vec::<String>::new());
    }
}
