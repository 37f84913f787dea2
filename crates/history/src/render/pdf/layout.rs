//! Where everything stands: the sheet, the size of the type, the columns, and which rows are on
//! which page.

use super::PAGES_MAX;
use super::font::Type;
use crate::render::wrap::wrap;
use crate::render::{Digits, caption_text, cell_text};
use crate::report::labels;
use crate::table::{Align, Caption, Kind, Label, Lang, Table};

/// A4, in thousandths of a point.
const SHORT: i32 = 595_276;
const LONG: i32 = 841_890;

/// Left and right of the table.
pub(super) const MARGIN: i32 = 34_000;
/// Above the title.
pub(super) const TOP: i32 = 40_000;
/// Below the table; the foot stands in it.
pub(super) const BOTTOM: i32 = 44_000;
pub(super) const FOOT: i32 = 24_000;

/// Sizes of type, and how much height a line of each takes.
pub(super) const TITLE: (i32, i32) = (16_000, 28_000);
/// The title from the second page on.
pub(super) const RUNNING: (i32, i32) = (10_500, 18_000);
pub(super) const SMALL: (i32, i32) = (8_500, 13_000);
/// Between table and notes.
pub(super) const GAP: i32 = 5_000;

/// Sizes of the table's type that are tried, the first upright and then all across.
const SIZES: [i32; 6] = [9_000, 8_000, 7_000, 6_000, 5_000, 4_000];

// In thousandths of the size of the type.

/// Left and right of a cell's text.
const PAD: i32 = 350;
/// Above and below it.
const RISE: i32 = 300;
const LEADING: i32 = 1_300;
/// Text columns are not squeezed below this, nor titles of columns below that.
const TEXT_LEAST: i32 = 6_000;
const TITLE_LEAST: i32 = 3_000;
/// A longer text is no reason to turn the sheet.
const TEXT_FAIR: i32 = 14_000;
/// How much a column gives up at a time.
const STEP: i32 = 100;

/// Between captions on one line.
const SPACES: &str = "    ";

/// A column: where it begins, how wide it is with its padding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strip {
    pub left: i32,
    pub width: i32,
    pub align: Align,
}

/// Lines of a row that stand on a page: all of them, unless the row is higher than a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    pub row: usize,
    pub from: usize,
    pub lines: usize,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    pub bands: Vec<Band>,
    pub notes: Vec<String>,
}

/// A table laid out.
pub(super) struct Layout<'a> {
    pub table: &'a Table,
    pub lang: Lang,
    pub printed: String,
    pub width: i32,
    pub height: i32,
    /// Of the table's type.
    pub size: i32,
    pub strips: Vec<Strip>,
    /// Titles of the columns, each in its lines.
    pub head: Vec<Vec<String>>,
    pub captions: Vec<String>,
    pub pages: Vec<Page>,
}

/// Widths of a column in thousandths of the size of the type, without padding.
struct Need {
    natural: i32,
    fair: i32,
    least: i32,
}

impl<'a> Layout<'a> {
    pub fn of(
        table: &'a Table,
        lang: Lang,
        printed: &str,
        letters: &mut Type<'_>,
    ) -> Result<Self, String> {
        let needs = needs(table, lang, letters);
        let (width, height, size) = sheet(&needs).ok_or("it has too many columns")?;
        let strips = strips(table, &needs, width - 2 * MARGIN, size);
        let printed = match printed {
            "" => String::new(),
            said => {
                let value = Label::same(said);
                caption_text(&Caption { label: labels::PRINTED, value }, lang)
            }
        };
        let (head, captions, pages) = (Vec::new(), Vec::new(), Vec::new());
        let mut layout =
            Self { table, lang, printed, width, height, size, strips, head, captions, pages };
        let titles = table.columns.iter().map(|column| column.title.text(lang));
        layout.head = layout.broken(titles, letters);
        layout.captions = layout.captions(letters);
        layout.paginate(letters)?;
        Ok(layout)
    }

    /// The cells of a row as they are read.
    pub fn cells(&self, row: usize) -> Vec<String> {
        let cells = self.table.rows[row].cells.iter().zip(&self.table.columns);
        let text = |(cell, kind)| cell_text(cell, kind, self.lang, Digits::Grouped);
        cells.map(|(cell, column)| text((cell, column.kind))).collect()
    }

    /// Texts of the columns, each broken into the lines that its column has room for.
    pub fn broken<'t>(
        &self,
        texts: impl Iterator<Item = &'t str>,
        letters: &mut Type<'_>,
    ) -> Vec<Vec<String>> {
        let rooms = self.strips.iter().map(|strip| strip.width - 2 * self.of_size(PAD));
        texts.zip(rooms).map(|(text, room)| lines(text, room, self.size, letters)).collect()
    }

    pub fn pad(&self) -> i32 {
        self.of_size(PAD)
    }

    /// Height of a line of the table.
    pub fn leading(&self) -> i32 {
        self.of_size(LEADING)
    }

    /// Height of a row of so many lines.
    pub fn row_height(&self, lines: usize) -> i32 {
        count(lines.max(1)) * self.leading() + 2 * self.of_size(RISE)
    }

    pub fn head_height(&self) -> i32 {
        self.row_height(self.head.iter().map(Vec::len).max().unwrap_or(1))
    }

    /// Where the table begins on a page, from the top of the sheet.
    pub fn table_top(&self, page: usize) -> i32 {
        match page {
            0 => TOP + TITLE.1 + count(self.captions.len()) * SMALL.1 + GAP,
            _ => TOP + RUNNING.1,
        }
    }

    /// Width of the table.
    pub fn across(&self) -> i32 {
        self.width - 2 * MARGIN
    }

    fn of_size(&self, thousandths: i32) -> i32 {
        thousandths * self.size / 1_000
    }

    /// As many captions on a line as fit. Who printed it stands at the foot if the caller says so.
    fn captions(&self, letters: &mut Type<'_>) -> Vec<String> {
        let shown = self
            .table
            .captions
            .iter()
            .filter(|one| self.printed.is_empty() || one.label.zh != labels::PRINTED.zh);
        let room = self.across();
        let mut found: Vec<String> = Vec::new();
        for caption in shown {
            let text = caption_text(caption, self.lang);
            let joined = found.last().map(|last| format!("{last}{SPACES}{text}"));
            match joined.filter(|all| scaled(letters.width(all), SMALL.0) <= room) {
                Some(all) => drop(found.pop().map(|_| found.push(all))),
                None => found.extend(lines(&text, room, SMALL.0, letters)),
            }
        }
        found
    }

    fn paginate(&mut self, letters: &mut Type<'_>) -> Result<(), String> {
        let mut page = Page::default();
        let mut room = self.room(0);
        // A page that nothing else stands on has room for so many lines of a row.
        let most = (self.room(1) - 2 * self.of_size(RISE)) / self.leading().max(1);
        let most = usize::try_from(most).unwrap_or(1).max(1);
        for row in 0..self.table.rows.len() {
            let cells = self.cells(row);
            let broken = self.broken(cells.iter().map(String::as_str), letters);
            let all = broken.iter().map(Vec::len).max().unwrap_or(1);
            for from in (0..all).step_by(most) {
                let band = Band { row, from, lines: most.min(all - from) };
                let height = self.row_height(band.lines);
                if height > room {
                    self.turn(&mut page, &mut room)?;
                }
                room -= height;
                page.bands.push(band);
            }
        }
        room -= GAP;
        for note in &self.table.notes {
            let note = format!("{}{}", labels::NOTE.text(self.lang), note.text(self.lang));
            for line in lines(&note, self.across(), SMALL.0, letters) {
                if SMALL.1 > room {
                    self.turn(&mut page, &mut room)?;
                }
                room -= SMALL.1;
                page.notes.push(line);
            }
        }
        self.pages.push(page);
        Ok(())
    }

    fn turn(&mut self, page: &mut Page, room: &mut i32) -> Result<(), String> {
        self.pages.push(std::mem::take(page));
        *room = self.room(self.pages.len());
        match self.pages.len() {
            PAGES_MAX => Err(format!("it has more than {PAGES_MAX} pages")),
            _ => Ok(()),
        }
    }

    /// Height for rows on a page.
    fn room(&self, page: usize) -> i32 {
        self.height - BOTTOM - self.table_top(page) - self.head_height()
    }
}

/// A width in thousandths of the size of the type, at a size.
pub(super) fn scaled(width: i32, size: i32) -> i32 {
    i32::try_from(i64::from(width) * i64::from(size) / 1_000).unwrap_or(i32::MAX)
}

fn count(lines: usize) -> i32 {
    i32::try_from(lines).unwrap_or(i32::MAX)
}

fn lines(text: &str, room: i32, size: i32, letters: &mut Type<'_>) -> Vec<String> {
    // Thousandths of the size, rounded up: what was measured to fit is not broken.
    let room = (i64::from(room) * 1_000 + i64::from(size) - 1) / i64::from(size.max(1));
    let width = |one| usize::try_from(letters.letter(one).advance).unwrap_or(0);
    wrap(text, usize::try_from(room).unwrap_or(0), width)
}

fn needs(table: &Table, lang: Lang, letters: &mut Type<'_>) -> Vec<Need> {
    let columns = table.columns.iter().enumerate();
    let need = columns.map(|(at, column)| {
        let longest = table.rows.iter().map(|row| {
            letters.width(&cell_text(&row.cells[at], column.kind, lang, Digits::Grouped))
        });
        let longest = longest.max().unwrap_or(0);
        let title = letters.width(column.title.text(lang));
        let squeezed =
            |least: i32| if column.kind == Kind::Text { least.min(longest) } else { longest };
        let narrow = title.min(TITLE_LEAST);
        Need {
            natural: longest.max(title),
            fair: squeezed(TEXT_FAIR).max(title),
            least: squeezed(TEXT_LEAST).max(narrow),
        }
    });
    need.collect()
}

/// Width and height of the sheet and the size of the type: upright if the table fits well, else
/// across, and smaller and smaller until it fits at all.
fn sheet(needs: &[Need]) -> Option<(i32, i32, i32)> {
    let padding = count(needs.len()).checked_mul(2 * PAD)?;
    let fits = |sum: i64, width: i32, size: i32| {
        (sum + i64::from(padding)) * i64::from(size) / 1_000 <= i64::from(width - 2 * MARGIN)
    };
    let fair: i64 = needs.iter().map(|need| i64::from(need.fair)).sum();
    let least: i64 = needs.iter().map(|need| i64::from(need.least)).sum();
    if fits(fair, SHORT, SIZES[0]) {
        return Some((SHORT, LONG, SIZES[0]));
    }
    let size = SIZES.into_iter().find(|size| fits(least, LONG, *size))?;
    Some((LONG, SHORT, size))
}

/// The columns over the whole width: squeezed where they need more, spread where they need less.
fn strips(table: &Table, needs: &[Need], across: i32, size: i32) -> Vec<Strip> {
    let room = i64::from(across) * 1_000 / i64::from(size);
    let mut widths: Vec<i32> = needs.iter().map(|need| need.natural + 2 * PAD).collect();
    let sum = |widths: &[i32]| widths.iter().map(|width| i64::from(*width)).sum::<i64>();
    let mut over = sum(&widths) - room;
    while over > 0 {
        let wide =
            widths.iter_mut().zip(needs).filter(|(width, need)| **width > need.least + 2 * PAD);
        let Some((width, need)) = wide.max_by_key(|(width, _)| **width) else { break };
        let given = STEP.min(*width - need.least - 2 * PAD);
        *width -= given;
        over -= i64::from(given);
    }
    let all = sum(&widths).max(1);
    let (mut before, mut strips) = (0_i64, Vec::with_capacity(widths.len()));
    for (width, column) in widths.iter().zip(&table.columns) {
        let edge = |part: i64| i32::try_from(part * i64::from(across) / all).unwrap_or(0);
        let left = edge(before);
        before += i64::from(*width);
        strips.push(Strip { left: MARGIN + left, width: edge(before) - left, align: column.align });
    }
    strips
}
