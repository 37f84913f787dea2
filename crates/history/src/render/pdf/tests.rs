//! What pages hold, and how they read when `pdftotext` reads them back.

use super::*;
use crate::table::{Cell, Column, Kind, Label, Style};
use std::io::Write as _;
use std::process::{Command, Stdio};

/// Debian's package fonts-noto-cjk, which scripts/setup.sh installs.
const NOTO: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn font() -> Font {
    let path = std::env::var("PIAOHAO_FONT").unwrap_or_else(|_| NOTO.to_owned());
    Font::read(std::fs::read(path).expect("scripts/setup.sh installs fonts-noto-cjk")).unwrap()
}

fn table(rows: usize) -> Table {
    let mut table = Table::new(
        Label::of("余额表", "Balance list"),
        vec![
            Column::new("account", Label::of("账号", "Account"), Kind::Code),
            Column::new("name", Label::of("户名", "Name"), Kind::Text),
            Column::new("balance", Label::of("余额", "Balance"), Kind::Amount(2)),
        ],
    );
    table.caption(Label::of("机构", "Institution"), Label::same("0001 总行"));
    table.caption(Label::of("打印", "Printed"), Label::same("caption"));
    for row in 0..rows {
        let minor = if row == 1 { -5 } else { 123_456 };
        let number = format!("6200{row:06}");
        let cells = vec![Cell::text(&number), Cell::text("张三"), Cell::amount(minor, 2)];
        table.push(Style::Normal, cells);
    }
    let total = Cell::Label(Label::of("合计", "Total"));
    table.push(Style::Total, vec![total, Cell::Empty, Cell::amount(999_999_999, 2)]);
    table.notes.push(Label::of("有红字余额。", "One balance is red."));
    table
}

fn pages(table: &Table) -> Vec<u8> {
    let font = font();
    render(table, Lang::Zh, &Paper { font: &font, printed: "li 2026-03-31 18:05" }).unwrap()
}

/// What a reader of PDF gets out of the pages, each ended by a form feed.
fn read(pdf: &[u8]) -> String {
    let mut reader = Command::new("pdftotext");
    reader.args(["-layout", "-enc", "UTF-8", "-", "-"]);
    let reader = reader.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut reader = reader.spawn().expect("scripts/setup.sh installs poppler-utils");
    reader.stdin.take().unwrap().write_all(pdf).unwrap();
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");
    // It guesses spaces from how far letters stand apart.
    String::from_utf8(read.stdout).unwrap().replace(' ', "")
}

#[test]
fn a_page_reads_as_the_table_does() {
    let text = read(&pages(&table(3)));
    for wanted in ["余额表", "机构：0001总行", "6200000000", "张三", "1,234.56", "-0.05", "合计"]
    {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(text.contains("9,999,999.99") && text.contains("注：有红字余额。"), "{text}");
    assert!(text.contains("第1页共1页") && text.contains("打印：li2026-03-3118:05"), "{text}");
    assert!(!text.contains("caption"), "who printed it is said once: {text}");
}

#[test]
fn every_page_has_the_head_and_its_number() {
    let text = read(&pages(&table(200)));
    let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
    assert!(pages.len() > 3, "{}", pages.len());
    for (at, page) in pages.iter().enumerate() {
        let number = format!("第{}页共{}页", at + 1, pages.len());
        assert!(page.contains(&number) && page.contains("户名"), "{page}");
    }
    assert_eq!(text.matches("机构：").count(), 1, "captions stand on the first page");
    for row in 0..200 {
        assert_eq!(text.matches(&format!("6200{row:06}")).count(), 1, "row {row}");
    }
}

#[test]
fn the_same_table_is_the_same_file_and_a_part_of_the_font() {
    let (one, other) = (pages(&table(3)), pages(&table(3)));
    assert_eq!(one, other);
    assert!(one.starts_with(b"%PDF-1.7") && one.len() < 60_000, "{} bytes", one.len());
}

#[test]
fn wide_tables_lie_across_and_get_smaller() {
    let sheet = |columns: usize| {
        let columns = (0..columns).map(|at| {
            Column::new(at.to_string(), Label::of("借方发生额", "Debits"), Kind::Amount(2))
        });
        let columns: Vec<Column> = columns.collect();
        let mut table = Table::new(Label::of("表", "Table"), columns);
        let cells = table.columns.iter().map(|_| Cell::amount(123_456_789_012, 2)).collect();
        table.push(Style::Normal, cells);
        let font = font();
        let mut letters = Type::of(&font).unwrap();
        Layout::of(&table, Lang::Zh, "", &mut letters)
            .map(|layout| (layout.width < layout.height, layout.size))
    };
    assert_eq!(sheet(5).unwrap(), (true, 9_000));
    assert_eq!(sheet(8).unwrap(), (false, 9_000));
    let (upright, size) = sheet(14).unwrap();
    assert!(!upright && (4_000..9_000).contains(&size), "{size}");
    assert!(sheet(60).is_err(), "sixty amounts do not fit on a sheet");
}

#[test]
fn a_row_higher_than_a_page_goes_on_on_the_next() {
    let mut table = table(1);
    table.rows[0].cells[1] = Cell::text(&"长".repeat(9_000));
    let text = read(&pages(&table));
    assert_eq!(text.matches('长').count(), 9_000);
}

#[test]
fn an_empty_table_and_long_notes_have_pages() {
    let mut empty = table(0);
    empty.rows.clear();
    assert!(read(&pages(&empty)).contains("第1页共1页"));
    for at in 0..100 {
        empty.notes.push(Label::same(format!("note {at}.")));
    }
    let text = read(&pages(&empty));
    assert!(text.contains("note99.") && text.contains("共2页"), "{text}");
}

#[test]
fn what_is_no_font_for_chinese_is_refused() {
    assert_eq!(Font::read(b"paper".to_vec()).unwrap_err(), FontError::NoFont);
}
