//! Posting Arrow: streams, files, and what is cut off.

use crate::program::{CASH, LI, Place, WANG};
use arrow_array::{ArrayRef, Int64Array, LargeStringArray, RecordBatch, StringArray};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use std::sync::Arc;

/// Transfers of so many fen from cash to a customer.
fn batch(first: usize, amounts: &[i64]) -> RecordBatch {
    let count = amounts.len();
    let keys = (first..first + count).map(|no| Some(format!("arrow-{no}")));
    let repeat = |text: &str| Arc::new(StringArray::from(vec![text; count])) as ArrayRef;
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("key", Arc::new(keys.collect::<LargeStringArray>())),
        ("institution", repeat("0000")),
        ("maker", repeat("batch")),
        ("debit_account", repeat(CASH)),
        ("credit_account", repeat(LI)),
        ("amount", Arc::new(Int64Array::from(amounts.to_vec()))),
        ("summary", repeat("代发")),
    ];
    RecordBatch::try_from_iter(columns).unwrap()
}

fn stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    batches.iter().for_each(|batch| writer.write(batch).unwrap());
    writer.finish().unwrap();
    writer.into_inner().unwrap()
}

#[test]
fn a_stream_and_a_file_are_posted() {
    let place = Place::open();
    let batches = [batch(0, &[100, 250]), batch(2, &[1])];
    let file = place.write("e.arrow", stream(&batches));
    let (code, lines) = place.json(&["post", &file]);
    assert_eq!((code, &lines[2]["key"], &lines[2]["line"]), (0, &"arrow-2".into(), &3.into()));
    assert_eq!(place.balance(LI), "3.51");
    let mut writer = FileWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    writer.write(&batch(3, &[49])).unwrap();
    writer.finish().unwrap();
    let file = place.write("f.arrow", writer.into_inner().unwrap());
    place.run(&["post", &file]).ok();
    assert_eq!(place.balance(LI), "4.00");
}

#[test]
fn a_stream_that_is_cut_off_is_truncated() {
    let place = Place::open();
    let bytes = stream(&[batch(0, &[100]), batch(1, &[200])]);
    // Without the end marker, and in the middle of the second batch.
    for (cut, line) in [(8, 3), (200, 2)] {
        let file = place.write("e.arrow", &bytes[..bytes.len() - cut]);
        place.run(&["post", &file]).ends(5).refuses("TruncatedFile", Some(line));
    }
    let file = place.write("e.arrow", &bytes[..40]);
    place.run(&["post", &file]).ends(1).refuses("TruncatedFile", None);
    assert_eq!(place.balance(LI), "3.00");
}

#[test]
fn what_is_not_arrow_or_lacks_a_column_is_refused() {
    let place = Place::open();
    let file = place.write("e.arrow", "not arrow at all, not at all");
    place.run(&["post", &file]).ends(1).refuses("NotArrow", None);
    let whole = batch(0, &[100]);
    let file = place.write("f.arrow", stream(&[whole.project(&[0, 1, 2, 3, 5]).unwrap()]));
    let ran = place.run(&["post", &file]).ends(1).refuses("UnknownColumn", None);
    assert!(ran.err.contains("credit_account"), "{ran:?}");
    let bad = batch(0, &[100, -100, 100]);
    let file = place.write("g.arrow", stream(&[bad]));
    place.run(&["post", &file]).ends(5).refuses("AmountMalformed", Some(2));
    assert_eq!(place.balance(WANG), "1000.00");
    assert_eq!(place.balance(LI), "2.00");
}

#[test]
fn a_mapping_fills_what_the_columns_do_not() {
    let place = Place::open();
    let columns = batch(0, &[700]).project(&[0, 3, 4, 5]).unwrap();
    let file = place.write("e.arrow", stream(&[columns]));
    let map = place.write(
        "map.toml",
        "[entry]\nkey = { column = \"key\" }\ninstitution = { const = \"0000\" }\n\
         maker = { const = \"batch\" }\n[transfer]\n\
         debit_account = { column = \"debit_account\" }\n\
         credit_account = { column = \"credit_account\" }\namount = { column = \"amount\" }\n",
    );
    place.run(&["post", &file, "--mapping", &map]).ok();
    assert_eq!(place.balance(LI), "7.00");
}
