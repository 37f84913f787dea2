//! Other people's programs read the books: pyarrow, DuckDB, and an S3 server that is not ours.

use crate::python::{S3, python, run};
use crate::town::{ALL, BANK, Town};
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Int32Type, Int64Type, UInt16Type, UInt64Type};
use history::block::{Section, section_stream};
use history::{Archive, Books, Column, Dimension, Filter, STATEMENT, Value, encode, from_blocks};
use ledger::Day;
use ledger::entry::AccountId;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::process::Command;

#[test]
fn pyarrow_and_duckdb_read_what_we_read() {
    let python = python();
    let folder = tempfile::tempdir().unwrap();
    let archive = Archive::in_folder(folder.path().join("archive")).unwrap();
    let town = Town::new(21, 40, 7, 150);
    town.sealed(&archive, 7);
    archive.compact_month(BANK, 2026, 1).unwrap();
    let stream = folder.path().join("lines.arrows");
    let mut payload = Vec::new();
    encode(&town.blocks[0][0], &mut payload);
    std::fs::write(&stream, section_stream(&payload, Section::Lines).unwrap()).unwrap();
    let account = AccountId(11);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_books.py");
    let mut reader = Command::new(python.join("python"));
    reader.arg(script).arg(&stream).arg(folder.path().join("archive"));
    let answer = run(reader.arg(BANK).arg(account.0.to_string()), "the script fails");
    let answer: Json = serde_json::from_str(&answer).unwrap();

    let batch = &town.blocks[0][0].batch;
    let lines: Vec<Json> = (0..batch.len())
        .flat_map(|entry| batch.lines(entry).iter().map(move |line| (entry, line)))
        .map(|(entry, line)| json!([entry, line.account.0, line.flags.0, line.amount]))
        .collect();
    assert_eq!(answer["block_lines"], Json::from(lines));
    let books =
        Books { archive: &archive, bank: BANK, sealed_until: Some(ALL), today: &[], threads: 2 };
    let balance = trial_balance(&books);
    assert_eq!(answer["arrow_balance"], balance);
    assert_eq!(answer["duck_balance"], balance);
    let statement = statement(&books, account);
    assert!(!statement.as_array().unwrap().is_empty());
    assert_eq!(answer["arrow_statement"], statement);
    assert_eq!(answer["duck_statement"], statement);
    let days: Vec<String> = town.days.iter().map(Day::to_string).collect();
    assert_eq!(answer["days"], json!(days));
    assert_eq!(answer["rows"], json!(town.told.len()));
    let january = town.told.iter().filter(|told| told.header.business_date.month() == 1);
    let (count, sum) = january
        .fold((0, 0_i128), |(count, sum), told| (count + 1, sum + i128::from(told.line.effect())));
    assert_eq!(answer["month_lines"], json!([[count, sum.to_string()]]));
    assert_eq!(answer["sorted_by"], json!(["account", "business_date", "entry", "line"]));
    assert_eq!(answer["page_index"], json!([true, true]));
    assert_eq!(answer["full_balances"], json!("true"));
    let openings = town.openings(town.days[1]);
    let closing: Vec<Json> =
        openings.iter().enumerate().map(|(id, day)| json!([id, day.opening])).collect();
    assert_eq!(answer["closing"], Json::from(closing));
    let gl = archive.gl(BANK, town.days[6]).unwrap();
    let code = |at: usize| ["1001", "100201", "2011", "6011", "9001"][at];
    let gl: Vec<Json> = gl
        .iter()
        .map(|row| json!([code(row.key.subject.index()), row.closing.to_string()]))
        .collect();
    assert_eq!(answer["gl_closing"], Json::from(gl));
}

fn trial_balance(books: &Books<'_>) -> Json {
    let by = [Dimension::Institution, Dimension::Unit, Dimension::Subject];
    let groups = books.group(&Filter::default(), &by).unwrap();
    let rows = groups.iter().map(|group| {
        let mut row: Vec<String> = group
            .key
            .iter()
            .map(|value| match value {
                Value::Text(text) => text.to_string(),
                other => panic!("{other:?} is no code"),
            })
            .collect();
        row.push(group.sums.debit.to_string());
        row.push(group.sums.credit.to_string());
        json!(row)
    });
    rows.collect()
}

fn statement(books: &Books<'_>, account: AccountId) -> Json {
    let days = Day::new(2026, 1, 1)..=Day::new(2026, 12, 31);
    let columns = STATEMENT.with(Column::Effect);
    let lines = books.statement(account, days, columns).unwrap().lines;
    (0..lines.num_rows()).map(|row| statement_line(&lines, row)).collect()
}

fn statement_line(lines: &RecordBatch, row: usize) -> Json {
    let makers = lines["maker"].as_dictionary::<Int32Type>();
    let maker = makers.values().as_string::<i32>().value(makers.keys().value(row) as usize);
    json!([
        Day(lines["business_date"].as_primitive::<Date32Type>().value(row)).to_string(),
        lines["entry"].as_primitive::<UInt64Type>().value(row),
        lines["line"].as_primitive::<UInt16Type>().value(row),
        lines["effect"].as_primitive::<Int64Type>().value(row),
        lines["balance_after"].as_primitive::<Int64Type>().value(row),
        maker,
        lines["summary"].as_string::<i32>().value(row),
        lines["document"].as_string::<i32>().value(row),
    ])
}

#[test]
fn an_s3_store_holds_the_same_books() {
    let server = S3::start("books");
    let endpoint = server.endpoint();
    let options = [
        ("aws_endpoint", &*endpoint),
        ("aws_allow_http", "true"),
        ("aws_region", "us-east-1"),
        ("aws_access_key_id", "test"),
        ("aws_secret_access_key", "test"),
    ];
    let town = Town::new(22, 30, 6, 100);
    let remote = Archive::open("s3://books/union", &options).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let local = Archive::open(&format!("file://{}", folder.path().display()), &[]).unwrap();
    let today = town.sealed(&remote, 5);
    town.sealed(&local, 5);
    let today = [from_blocks(&today, &town, None)];
    // Another program sees what was sealed, and a merged month after it looks again.
    let other = Archive::open("s3://books/union", &options).unwrap();
    for merged in [false, true] {
        if merged {
            remote.compact_month(BANK, 2026, 1).unwrap();
            other.refresh();
        }
        assert_eq!(other.catalog(BANK).unwrap().months.len(), usize::from(merged));
        assert_eq!(other.catalog(BANK).unwrap().days, local.catalog(BANK).unwrap().days);
        let books = Books {
            archive: &other,
            bank: BANK,
            sealed_until: Some(ALL),
            today: &today,
            threads: 2,
        };
        let expected = Books { archive: &local, ..books };
        assert_eq!(trial_balance(&books), trial_balance(&expected));
        for account in (0..30).step_by(7).map(AccountId) {
            assert_eq!(statement(&books, account), statement(&expected, account));
        }
    }
    for day in &town.days[..5] {
        other.verify(BANK, history::Period::Day(*day)).unwrap();
        assert_eq!(other.gl(BANK, *day).unwrap(), local.gl(BANK, *day).unwrap());
    }
    let refused = Archive::open("s3://books", &[("aws_colour", "blue")]).map(|_| ()).unwrap_err();
    assert!(refused.to_string().contains("aws_colour"), "{refused}");
    assert!(Archive::open("ftp://books", &[]).is_err());
}
