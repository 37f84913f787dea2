//! Tables for the terminal and for printers of fixed pitch: a Chinese character takes two columns.
//!
//! Text columns wrap when the table is too wide. Amounts never wrap and are never cut, so a table
//! of many large amounts may be wider than asked.

use super::{Digits, caption_text, cell_text, wrap};
use crate::report::labels;
use crate::table::{Align, Lang, Style, Table};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a usual wide terminal or of a sheet in landscape.
pub const WIDTH: usize = 140;

/// Text columns are not squeezed below this.
const TEXT_MIN: usize = 8;
const GAP: &str = " │ ";
const WARNING: &str = "! ";

pub fn render(table: &Table, lang: Lang, max_width: usize) -> String {
    let has_warnings = table.rows.iter().any(|row| row.style == Style::Warning);
    let gutter = if has_warnings { WARNING.len() } else { 0 };
    let page = Page::fit(table, lang, max_width.saturating_sub(gutter));
    let width = page.width() + gutter;
    let mut out = String::new();
    line(&mut out, &pad(table.title.text(lang), width, Align::Centre));
    for caption in captions(table, lang, width) {
        line(&mut out, &caption);
    }
    line(&mut out, &"═".repeat(width));
    let titles = table.columns.iter().map(|column| column.title.text(lang).to_owned()).collect();
    page.row(&mut out, &" ".repeat(gutter), titles);
    page.rule(&mut out, gutter);
    let mut previous = Style::Normal;
    for (at, row) in table.rows.iter().enumerate() {
        // Totals stand between rules; a table of several currencies reads as several sections.
        if at > 0 && (row.style == Style::Total) != (previous == Style::Total) {
            page.rule(&mut out, gutter);
        }
        previous = row.style;
        let mark = if row.style == Style::Warning { WARNING } else { "  " };
        let cells = row.cells.iter().zip(&table.columns);
        let cells = cells
            .map(|(cell, column)| cell_text(cell, column.kind, lang, Digits::Grouped))
            .collect();
        page.row(&mut out, &mark[..gutter], cells);
    }
    line(&mut out, &"═".repeat(width));
    for note in &table.notes {
        let note = format!("{}{}", labels::NOTE.text(lang), note.text(lang));
        for part in wrap(&note, width.max(TEXT_MIN)) {
            line(&mut out, &part);
        }
    }
    out
}

/// How wide each column is, and how it is aligned.
struct Page {
    columns: Vec<(usize, Align)>,
}

impl Page {
    fn fit(table: &Table, lang: Lang, max_width: usize) -> Self {
        use crate::table::Kind;
        let mut widths = Vec::with_capacity(table.columns.len());
        for (at, column) in table.columns.iter().enumerate() {
            let longest = table
                .rows
                .iter()
                .map(|row| cell_text(&row.cells[at], column.kind, lang, Digits::Grouped).width());
            let longest = longest.max().unwrap_or(0);
            let title = column.title.text(lang).width();
            let least = if column.kind == Kind::Text { TEXT_MIN.min(longest) } else { longest };
            // A title may wrap, but not to less than two Chinese characters.
            widths.push((longest.max(title), least.max(title.min(4)), column.align));
        }
        let gaps = GAP.width() * widths.len().saturating_sub(1);
        while widths.iter().map(|(width, _, _)| width).sum::<usize>() + gaps > max_width {
            let widest = widths.iter_mut().filter(|(width, least, _)| width > least);
            let Some((width, _, _)) = widest.max_by_key(|(width, _, _)| *width) else { break };
            *width -= 1;
        }
        Self { columns: widths.into_iter().map(|(width, _, align)| (width, align)).collect() }
    }

    fn width(&self) -> usize {
        let gaps = GAP.width() * self.columns.len().saturating_sub(1);
        self.columns.iter().map(|(width, _)| width).sum::<usize>() + gaps
    }

    fn rule(&self, out: &mut String, gutter: usize) {
        let parts: Vec<String> = self.columns.iter().map(|(width, _)| "─".repeat(*width)).collect();
        line(out, &format!("{}{}", "─".repeat(gutter), parts.join("─┼─")));
    }

    fn row(&self, out: &mut String, mark: &str, cells: Vec<String>) {
        let wrapped: Vec<Vec<String>> = cells
            .iter()
            .zip(&self.columns)
            .map(|(cell, (width, _))| wrap(cell, (*width).max(1)))
            .collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(1);
        for at in 0..height {
            let parts: Vec<String> = wrapped
                .iter()
                .zip(&self.columns)
                .map(|(lines, (width, align))| {
                    pad(lines.get(at).map_or("", String::as_str), *width, *align)
                })
                .collect();
            let mark = if at == 0 { mark } else { &"  "[..mark.len()] };
            line(out, &format!("{mark}{}", parts.join(GAP)));
        }
    }
}

/// As many captions on a line as fit.
fn captions(table: &Table, lang: Lang, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for caption in &table.captions {
        let text = caption_text(caption, lang);
        match lines.last_mut() {
            Some(last) if last.width() + 4 + text.width() <= width => {
                last.push_str("    ");
                last.push_str(&text);
            }
            _ => lines.push(text),
        }
    }
    lines
}

fn line(out: &mut String, text: &str) {
    out.push_str(text.trim_end());
    out.push('\n');
}

fn pad(text: &str, width: usize, align: Align) -> String {
    let space = width.saturating_sub(text.width());
    let before = match align {
        Align::Left => 0,
        Align::Centre => space / 2,
        Align::Right => space,
    };
    format!("{}{text}{}", " ".repeat(before), " ".repeat(space - before))
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap::wrap(text, width, |one| one.width().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, Column, Kind, Label};

    fn table() -> Table {
        let mut table = Table::new(
            Label::of("余额表", "Balance list"),
            vec![
                Column::new("name", Label::of("户名", "Name"), Kind::Text),
                Column::new("balance", Label::of("余额", "Balance"), Kind::Amount(2)),
            ],
        );
        table.caption(Label::of("机构", "Institution"), Label::same("0001"));
        table.caption(Label::of("单位", "Unit"), Label::of("元", "yuan"));
        table.push(Style::Normal, vec![Cell::text("张三"), Cell::amount(123_450, 2)]);
        table.push(
            Style::Warning,
            vec![Cell::text("Northern Trading Company Limited"), Cell::amount(-100_000_000, 2)],
        );
        table.push(
            Style::Total,
            vec![Cell::Label(Label::of("合计", "Total")), Cell::amount(-99_876_550, 2)],
        );
        table.notes.push(Label::of("有红字余额。", "One balance is red."));
        table
    }

    #[test]
    fn chinese_takes_two_columns_and_amounts_stand_right() {
        insta::assert_snapshot!("zh", render(&table(), Lang::Zh, 80));
    }

    #[test]
    fn text_wraps_where_the_page_is_narrow() {
        insta::assert_snapshot!("narrow_en", render(&table(), Lang::En, 34));
    }
}
