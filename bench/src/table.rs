//! Markdown tables as README.md holds them, printed line by line as figures are found; where the
//! issue asks something of a figure, that stands beside it.

/// A table whose head is printed.
pub struct Table {
    columns: usize,
}

/// What is asked of a figure, with its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Aim {
    AtLeast(f64, &'static str),
    AtMost(f64, &'static str),
    None,
}

impl Table {
    pub fn begin(title: &str, columns: &[&str]) -> Self {
        println!("\n#### {title}\n\n| {} |", columns.join(" | "));
        println!("|{}", "---|".repeat(columns.len()));
        Self { columns: columns.len() }
    }

    pub fn row(&self, cells: &[String]) {
        assert!(cells.len() == self.columns, "a line has a cell for each column: {cells:?}");
        println!("| {} |", cells.join(" | "));
    }
}

impl Aim {
    /// The aim, and whether `figure` reaches it.
    pub fn beside(self, figure: f64) -> String {
        let (sign, aim, unit, reached) = match self {
            Self::AtLeast(aim, unit) => ("≥", aim, unit, figure >= aim),
            Self::AtMost(aim, unit) => ("≤", aim, unit, figure <= aim),
            Self::None => return String::from("–"),
        };
        let aim = if aim.fract() == 0.0 { whole(aim) } else { format!("{aim}") };
        format!("{sign} {aim}{unit} {}", if reached { "✓" } else { "✗" })
    }
}

/// Three figures, or all before the point.
pub fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 99.95 => whole(value),
        size if size >= 9.995 => format!("{value:.1}"),
        size if size >= 0.9995 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// A whole number in groups of three.
pub fn count(value: usize) -> String {
    whole(value as f64)
}

pub fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

fn whole(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::from(if value < 0.0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short_and_grouped() {
        let shown = [0.0, 0.0123, 1.0, 12.34, 99.99, 1_234.5, 1_000_000.0].map(figure);
        assert_eq!(shown, ["0.000", "0.012", "1.00", "12.3", "100", "1,234", "1,000,000"]);
    }

    #[test]
    fn an_aim_says_whether_it_is_reached() {
        assert_eq!(Aim::AtLeast(9_000.0, "").beside(9_000.0), "≥ 9,000 ✓");
        assert_eq!(Aim::AtMost(0.3, " s").beside(0.31), "≤ 0.3 s ✗");
    }
}
