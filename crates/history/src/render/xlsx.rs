//! Tables as Excel workbooks: title merged over the columns, header frozen and repeated on every
//! printed page, filters, landscape, totals bold, red amounts red.
//!
//! The only file of this crate with floats: a cell of a workbook is a double. A decimal of 15
//! significant digits survives the way to the nearest double and back, so amounts up to there are
//! numbers, made by reading their exact decimal text, never by division. Longer amounts are
//! written as text, so that no fen is lost, and then Excel does not sum them.

use super::{Digits, Format as FileFormat, RenderError, caption_text, cell_text};
use crate::report::labels;
use crate::table::{Align, Cell, Column, Kind, Label, Lang, Row, Style, Table};
use ledger::day::Day;
use ledger::money::plain;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook,
    Worksheet, XlsxError,
};
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

/// Rows of data on one sheet; Excel holds 1,048,576 rows with titles and notes.
pub const SHEET_ROWS: usize = 1_000_000;

/// Amounts below this have at most 15 significant digits.
const EXACT_BELOW: u128 = 1_000_000_000_000_000;
const PAPER_A4: u8 = 9;
const TITLE_ROW: u32 = 0;
const CAPTION_ROW: u32 = 1;
const HEADER_ROW: u32 = 2;

pub fn render(table: &Table, lang: Lang) -> Result<Vec<u8>, RenderError> {
    workbook(table, lang, SHEET_ROWS)
        .map_err(|error| RenderError { format: FileFormat::Xlsx, reason: error.to_string() })
}

fn workbook(table: &Table, lang: Lang, sheet_rows: usize) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // A fixed date of creation: the same table is the same file, byte for byte.
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties =
        DocProperties::new().set_title(table.title.text(lang)).set_creation_datetime(&created);
    workbook.set_properties(&properties);
    let chunks: Vec<&[Row]> =
        if table.rows.is_empty() { vec![&[]] } else { table.rows.chunks(sheet_rows).collect() };
    let last = chunks.len() - 1;
    for (at, rows) in chunks.into_iter().enumerate() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(sheet_name(&table.title, lang, at, last))?;
        let notes: &[Label] = if at == last { &table.notes } else { &[] };
        Sheet { sheet, table, lang, formats: BTreeMap::new() }.write(rows, notes)?;
    }
    workbook.save_to_buffer()
}

/// Excel allows 31 characters and none of `[]:*?/\`.
fn sheet_name(title: &Label, lang: Lang, at: usize, last: usize) -> String {
    let name: String =
        title.text(lang).chars().filter(|one| !"[]:*?/\\'".contains(*one)).take(24).collect();
    match (name.is_empty(), last) {
        (true, _) => format!("{}", at + 1),
        (false, 0) => name,
        (false, _) => format!("{name} {}", at + 1),
    }
}

/// One sheet in the making.
struct Sheet<'a> {
    sheet: &'a mut Worksheet,
    table: &'a Table,
    lang: Lang,
    /// Formats by what tells them apart: a workbook of a million cells has a dozen formats.
    formats: BTreeMap<(u8, u8, u8), Format>,
}

impl Sheet<'_> {
    fn write(mut self, rows: &[Row], notes: &[Label]) -> Result<(), XlsxError> {
        self.head()?;
        let mut at = HEADER_ROW + 1;
        for row in rows {
            for (column, cell) in row.cells.iter().enumerate() {
                self.cell(at, column, row.style, cell)?;
            }
            at += 1;
        }
        self.tail(rows, at)?;
        let plain = Format::new();
        for note in notes {
            let note = format!("{}{}", labels::NOTE.text(self.lang), note.text(self.lang));
            self.sheet.write_string_with_format(at, 0, note, &plain)?;
            at += 1;
        }
        Ok(())
    }

    fn head(&mut self) -> Result<(), XlsxError> {
        let title = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);
        let captions: Vec<String> =
            self.table.captions.iter().map(|one| caption_text(one, self.lang)).collect();
        self.across(TITLE_ROW, self.table.title.text(self.lang).to_owned(), &title)?;
        self.across(CAPTION_ROW, captions.join("    "), &Format::new())?;
        let header = Format::new()
            .set_bold()
            .set_border(FormatBorder::Thin)
            .set_background_color(Color::RGB(0x00E7_E6E6))
            .set_align(FormatAlign::Center)
            .set_align(FormatAlign::VerticalCenter)
            .set_text_wrap();
        for (at, column) in self.table.columns.iter().enumerate() {
            let title = column.title.text(self.lang);
            self.sheet.write_string_with_format(HEADER_ROW, place(at), title, &header)?;
        }
        Ok(())
    }

    /// Text over all columns.
    fn across(&mut self, row: u32, text: String, format: &Format) -> Result<(), XlsxError> {
        let last = self.last_column();
        if last == 0 {
            self.sheet.write_string_with_format(row, 0, text, format)?;
        } else {
            self.sheet.merge_range(row, 0, row, last, &text, format)?;
        }
        Ok(())
    }

    fn cell(
        &mut self,
        row: u32,
        column: usize,
        style: Style,
        cell: &Cell,
    ) -> Result<(), XlsxError> {
        let definition = &self.table.columns[column];
        let digits = match cell {
            Cell::Amount { digits, .. } => *digits,
            _ => 0,
        };
        let look = (kind_rank(definition), digits, style as u8);
        let format = self.formats.entry(look).or_insert_with(|| format(definition, digits, style));
        let column = place(column);
        let number = match cell {
            Cell::Amount { minor, digits } => exact(*minor, *digits),
            Cell::Int(number) if definition.kind != Kind::Code => exact(i128::from(*number), 0),
            _ => None,
        };
        if let Some(number) = number {
            self.sheet.write_number_with_format(row, column, number, format)?;
        } else if let Cell::Date(day) = cell
            && let Some(date) = excel_date(*day)
        {
            self.sheet.write_datetime_with_format(row, column, &date, format)?;
        } else if *cell == Cell::Empty {
            self.sheet.write_blank(row, column, format)?;
        } else {
            let text = cell_text(cell, definition.kind, self.lang, Digits::Grouped);
            self.sheet.write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }

    fn tail(&mut self, rows: &[Row], end: u32) -> Result<(), XlsxError> {
        for (at, column) in self.table.columns.iter().enumerate() {
            let texts = rows.iter().map(|row| {
                cell_text(&row.cells[at], column.kind, self.lang, Digits::Grouped).width()
            });
            let title = column.title.text(self.lang).width() + 3;
            let width = texts.max().unwrap_or(0).max(title).clamp(6, 60) + 2;
            self.sheet.set_column_width(place(at), u16::try_from(width).unwrap_or(u16::MAX))?;
        }
        let last = self.last_column();
        // Account numbers are text on purpose: no green triangle in every cell of them.
        self.sheet.ignore_error_range(HEADER_ROW, 0, end, last, IgnoreError::NumberStoredAsText)?;
        // A filter that hides rows must not hide the totals below them.
        let totals = rows.iter().rev().take_while(|row| row.style == Style::Total).count();
        let totals = u32::try_from(totals).unwrap_or(u32::MAX);
        let filtered = (end - 1).saturating_sub(totals).max(HEADER_ROW);
        self.sheet.autofilter(HEADER_ROW, 0, filtered, last)?;
        self.sheet.set_freeze_panes(HEADER_ROW + 1, 0)?;
        self.sheet.set_repeat_rows(TITLE_ROW, HEADER_ROW)?;
        self.sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0);
        self.sheet.set_footer(format!("&C{}", labels::PAGE_OF_PAGES.text(self.lang)));
        Ok(())
    }

    fn last_column(&self) -> u16 {
        place(self.table.columns.len().saturating_sub(1))
    }
}

/// Excel has 16,384 columns; beyond them the writer itself refuses.
fn place(column: usize) -> u16 {
    u16::try_from(column).unwrap_or(u16::MAX)
}

fn kind_rank(column: &Column) -> u8 {
    let kind = match column.kind {
        Kind::Text => 0,
        Kind::Code => 1,
        Kind::Amount(_) => 2,
        Kind::Integer => 3,
        Kind::Date => 4,
        Kind::Rate => 5,
        Kind::Percent => 6,
    };
    kind * 3 + column.align as u8
}

fn format(column: &Column, digits: u8, style: Style) -> Format {
    let decimals = "0".repeat(usize::from(digits));
    let point = if digits == 0 { "" } else { "." };
    let number = match column.kind {
        Kind::Amount(_) => format!("#,##0{point}{decimals};[Red]-#,##0{point}{decimals}"),
        Kind::Integer => "#,##0".to_owned(),
        Kind::Date => "yyyy-mm-dd".to_owned(),
        Kind::Rate => format!("0{point}{decimals}"),
        Kind::Percent => format!("0{point}{decimals}\"%\""),
        Kind::Text | Kind::Code => "@".to_owned(),
    };
    let align = match column.align {
        Align::Left => FormatAlign::Left,
        Align::Right => FormatAlign::Right,
        Align::Centre => FormatAlign::Center,
    };
    let format =
        Format::new().set_num_format(number).set_align(align).set_border(FormatBorder::Thin);
    match style {
        Style::Normal => format,
        Style::Subtotal | Style::Total => format.set_bold(),
        Style::Warning => format.set_background_color(Color::RGB(0x00FF_F2CC)),
    }
}

/// The double whose shortest decimal is this amount; nothing if there may be none.
fn exact(minor: i128, digits: u8) -> Option<f64> {
    if minor.unsigned_abs() >= EXACT_BELOW {
        return None;
    }
    plain(minor, digits).parse().ok()
}

/// Excel knows no day before 1900.
fn excel_date(day: Day) -> Option<ExcelDateTime> {
    let date = day.date();
    let year = u16::try_from(date.year()).ok()?;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    ExcelDateTime::from_ymd(year, month, day).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
    use std::io::Cursor;

    fn table() -> Table {
        let mut table = Table::new(
            Label::of("余额表", "Balance list"),
            vec![
                Column::new("number", Label::of("账号", "Account"), Kind::Code),
                Column::new("opened", Label::of("开户日", "Opened"), Kind::Date),
                Column::new("balance", Label::of("余额", "Balance"), Kind::Amount(2)),
                Column::new("count", Label::of("笔数", "Count"), Kind::Integer),
            ],
        );
        table.caption(Label::of("机构", "Institution"), Label::same("0001"));
        table.caption(Label::of("单位", "Unit"), Label::of("元", "yuan"));
        for (style, minor) in [
            (Style::Normal, 123_450),
            (Style::Warning, -999_999_999_999_999),
            (Style::Normal, 1_000_000_000_000_000),
            (Style::Total, 1),
        ] {
            table.push(
                style,
                vec![
                    Cell::text("6222020200112233445"),
                    Cell::Date(Day::new(2026, 3, 31)),
                    Cell::amount(minor, 2),
                    Cell::Int(1_234),
                ],
            );
        }
        table.push(Style::Total, vec![Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty]);
        table.notes.push(Label::of("测试。", "A test."));
        table
    }

    fn read(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<Data>>)> {
        let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        let names = workbook.sheet_names();
        let sheet = |name: String| {
            let range = workbook.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        };
        names.into_iter().map(sheet).collect()
    }

    fn text(text: &str) -> Data {
        Data::String(text.to_owned())
    }

    #[test]
    fn a_workbook_is_read_back_cell_by_cell() {
        let sheets = read(render(&table(), Lang::Zh).unwrap());
        assert_eq!(sheets.len(), 1);
        let (name, rows) = &sheets[0];
        assert_eq!(name, "余额表");
        assert_eq!(rows[0][0], text("余额表"));
        assert_eq!(rows[1][0], text("机构：0001    单位：元"));
        assert_eq!(rows[2], ["账号", "开户日", "余额", "笔数"].map(text));
        let amounts = [
            Data::Float(1_234.5),
            Data::Float(-9_999_999_999_999.99),
            text("10,000,000,000,000.00"),
            Data::Float(0.01),
        ];
        for (at, amount) in amounts.into_iter().enumerate() {
            let row = &rows[3 + at];
            assert_eq!(row[0], text("6222020200112233445"));
            let Data::DateTime(date) = &row[1] else { panic!("{:?} is no date", row[1]) };
            assert_eq!(date.to_ymd_hms_milli(), (2026, 3, 31, 0, 0, 0, 0));
            assert_eq!(row[2], amount);
            assert_eq!(row[3], Data::Float(1_234.0));
        }
        assert_eq!(rows[7], vec![Data::Empty; 4]);
        assert_eq!(rows[8][0], text("注：测试。"));
    }

    #[test]
    fn the_same_table_is_the_same_file() {
        assert_eq!(render(&table(), Lang::Zh).unwrap(), render(&table(), Lang::Zh).unwrap());
    }

    #[test]
    fn rows_beyond_a_sheet_go_to_the_next() {
        let sheets = read(workbook(&table(), Lang::En, 2).unwrap());
        let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Balance list 1", "Balance list 2", "Balance list 3"]);
        assert_eq!(sheets[2].1.last().unwrap()[0], text("Note: A test."));
    }

    #[test]
    fn empty_tables_and_odd_titles_are_workbooks_too() {
        let mut table = table();
        table.rows.clear();
        table.title = Label::same("a/b: [c]*?");
        assert_eq!(read(render(&table, Lang::Zh).unwrap())[0].0, "ab c");
        table.columns.truncate(1);
        table.title = Label::default();
        assert_eq!(read(render(&table, Lang::Zh).unwrap())[0].0, "1");
    }

    #[test]
    fn fifteen_digits_survive_as_numbers() {
        for minor in [0, 1, -1, 123_456_789_012_345, 999_999_999_999_999, -700_000_000_000_001] {
            let number = exact(minor, 2).unwrap();
            assert_eq!(format!("{number:.2}"), plain(minor, 2));
        }
        assert_eq!(exact(1_000_000_000_000_000, 2), None);
    }
}
