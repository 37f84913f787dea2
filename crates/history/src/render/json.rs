//! Tables as JSON, one row to a line, keys in the order of the columns.
//!
//! Amounts are strings ("1234.50"): a reader that parses numbers as floats loses no fen. Titles
//! stand in both languages, the texts of cells in the one asked for. Written by hand because the
//! order of keys in a JSON map is decided by whoever else shares the library's features.

use super::{Digits, cell_text};
use crate::table::{Align, Cell, Column, Kind, Label, Lang, Row, Table};
use serde_json::Value;

/// Key that tells a row's style among the keys of its columns.
pub const STYLE: &str = "_style";

/// Key of the subjects that a row sums; left out where it sums none.
pub const SUBJECTS: &str = "_subjects";

pub fn render(table: &Table, lang: Lang) -> String {
    let captions = table.captions.iter().map(|caption| {
        let (label, value) = (caption.label.text(lang), caption.value.text(lang));
        format!("{{\"label\": {}, \"value\": {}}}", quoted(label), quoted(value))
    });
    let columns = table.columns.iter().map(column);
    let rows = table.rows.iter().map(|one| row(one, &table.columns, lang));
    let notes = table.notes.iter().map(|note| quoted(note.text(lang)));
    format!(
        "{{\n  \"title\": {},\n  \"captions\": {},\n  \"columns\": {},\n  \"rows\": {},\n  \
         \"notes\": {}\n}}\n",
        both(&table.title),
        list(captions),
        list(columns),
        list(rows),
        list(notes),
    )
}

fn column(column: &Column) -> String {
    let align = match column.align {
        Align::Left => "left",
        Align::Right => "right",
        Align::Centre => "centre",
    };
    format!(
        "{{\"key\": {}, \"title\": {}, \"kind\": {}, \"align\": {}}}",
        quoted(&column.key),
        both(&column.title),
        quoted(column.kind.name()),
        quoted(align),
    )
}

fn row(row: &Row, columns: &[Column], lang: Lang) -> String {
    let mut text = format!("{{{}: {}", quoted(STYLE), quoted(row.style.name()));
    if !row.subjects.is_empty() {
        let codes: Vec<String> = row.subjects.iter().map(|code| quoted(code)).collect();
        text.push_str(&format!(", {}: [{}]", quoted(SUBJECTS), codes.join(", ")));
    }
    for (cell, column) in row.cells.iter().zip(columns) {
        text.push_str(&format!(", {}: {}", quoted(&column.key), value(cell, column.kind, lang)));
    }
    text.push('}');
    text
}

fn value(cell: &Cell, kind: Kind, lang: Lang) -> String {
    match cell {
        Cell::Empty => "null".to_owned(),
        // A number that names something is a text, whatever it is kept as.
        Cell::Int(number) if kind != Kind::Code => number.to_string(),
        _ => quoted(&cell_text(cell, kind, lang, Digits::Plain)),
    }
}

fn both(label: &Label) -> String {
    format!("{{\"zh\": {}, \"en\": {}}}", quoted(&label.zh), quoted(&label.en))
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.map(|item| format!("\n    {item}")).collect();
    if items.is_empty() { "[]".to_owned() } else { format!("[{}\n  ]", items.join(",")) }
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::table::Style;

    #[test]
    fn rows_are_objects_and_amounts_are_strings() {
        let mut table = Table::new(
            Label::of("余额表", "Balance list"),
            vec![
                Column::new("entry", Label::of("套号", "Entry"), Kind::Code),
                Column::new("name", Label::of("户名", "Name"), Kind::Text),
                Column::new("balance", Label::of("余额", "Balance"), Kind::Amount(2)),
                Column::new("count", Label::of("笔数", "Count"), Kind::Integer),
            ],
        );
        table.caption(Label::of("机构", "Institution"), Label::same("0001"));
        table.push(
            Style::Normal,
            vec![
                Cell::Int(7),
                Cell::text("\"张\"\n三"),
                Cell::amount(9_007_199_254_740_993, 2),
                Cell::Int(3),
            ],
        );
        table.push_of(
            vec!["1001".into(), "1003".into()],
            Style::Total,
            vec![
                Cell::Empty,
                Cell::Label(Label::of("合计", "Total")),
                Cell::amount(-5, 2),
                Cell::Empty,
            ],
        );
        let text = render(&table, Lang::En);
        serde_json::from_str::<Value>(&text).unwrap();
        insta::assert_snapshot!("rows", text);
    }

    #[test]
    fn an_empty_table_is_still_json() {
        let text = render(&Table::default(), Lang::Zh);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["rows"], Value::Array(Vec::new()));
    }
}
