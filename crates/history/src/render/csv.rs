//! Tables as CSV (RFC 4180): a line of column titles, then the rows; captions and notes stay out.
//!
//! Excel in China reads a file without a byte order mark as GBK, runs a text that begins with `=`
//! as a formula, and turns the account number 6222020200112233445 into 6.22202E+18. The dialect
//! for Excel guards against the three; the plain one carries the data untouched.

use super::{Digits, cell_text};
use crate::table::{Kind, Lang, Table};
use ::csv::{Terminator, WriterBuilder};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Column keys in the first line, data as it is.
    Plain,
    /// Column titles in the first line, a byte order mark, and guarded texts.
    Excel,
}

pub fn render(table: &Table, lang: Lang, dialect: Dialect) -> Vec<u8> {
    let start = if dialect == Dialect::Excel { "\u{feff}".into() } else { Vec::new() };
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(start);
    let titles = table.columns.iter().map(|column| match dialect {
        Dialect::Plain => &*column.key,
        Dialect::Excel => column.title.text(lang),
    });
    writer.write_record(titles).expect("memory takes every write");
    for row in &table.rows {
        let cells = row.cells.iter().zip(&table.columns).map(|(cell, column)| {
            let text = cell_text(cell, column.kind, lang, Digits::Plain);
            match dialect {
                Dialect::Plain => text,
                Dialect::Excel => guarded(text, column.kind),
            }
        });
        writer.write_record(cells).expect("every row has one cell for each column");
    }
    writer.into_inner().expect("memory takes every write")
}

/// A tab before what Excel would take for a formula or a number keeps it a text.
fn guarded(text: String, kind: Kind) -> String {
    let is_formula = matches!(kind, Kind::Text | Kind::Code)
        && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let is_number = kind == Kind::Code
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && (text.len() > 11 || (text.len() > 1 && text.starts_with('0')));
    if is_formula || is_number { format!("\t{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Cell, Column, Label, Style};

    fn table() -> Table {
        let mut table = Table::new(
            Label::of("余额表", "Balance list"),
            vec![
                Column::new("number", Label::of("账号", "Account"), Kind::Code),
                Column::new("name", Label::of("户名", "Name"), Kind::Text),
                Column::new("balance", Label::of("余额", "Balance"), Kind::Amount(2)),
            ],
        );
        for (number, name, minor) in [
            ("6222020200112233445", "张三, \"老张\"", 123_450),
            ("0001", "=cmd()", -5),
            ("2011-01", "", 0),
        ] {
            table.push(
                Style::Normal,
                vec![Cell::text(number), Cell::text(name), Cell::amount(minor, 2)],
            );
        }
        table
    }

    #[test]
    fn plain_csv_is_untouched() {
        let text = String::from_utf8(render(&table(), Lang::Zh, Dialect::Plain));
        assert_eq!(
            text.as_deref(),
            Ok("number,name,balance\r\n\
                6222020200112233445,\"张三, \"\"老张\"\"\",1234.50\r\n\
                0001,=cmd(),-0.05\r\n\
                2011-01,,0.00\r\n")
        );
    }

    #[test]
    fn excel_keeps_codes_and_runs_no_formula() {
        let text = String::from_utf8(render(&table(), Lang::Zh, Dialect::Excel));
        assert_eq!(
            text.as_deref(),
            Ok("\u{feff}账号,户名,余额\r\n\
                \t6222020200112233445,\"张三, \"\"老张\"\"\",1234.50\r\n\
                \t0001,\t=cmd(),-0.05\r\n\
                2011-01,,0.00\r\n")
        );
    }
}
