//! Temporary.
use crate::program::{CASH, LI, Place};
use arrow_array::*;
use std::sync::Arc;
#[test]
fn zz_write() {
    let place = Place::open();
    let n = 50;
    let keys: Vec<String> = (0..n).map(|i| format!("k{i}")).collect();
    let r = |t: &str| Arc::new(StringArray::from(vec![t; n])) as ArrayRef;
    let b = RecordBatch::try_from_iter(vec![
        ("key", Arc::new(StringArray::from(keys)) as ArrayRef),
        ("institution", r("0000")),
        ("maker", r("b")),
        ("debit_account", r(CASH)),
        ("credit_account", r(LI)),
        ("amount", Arc::new(Int64Array::from(vec![1i64; n])) as ArrayRef),
    ])
    .unwrap();
    let mut w = arrow_ipc::writer::StreamWriter::try_new(Vec::new(), &b.schema()).unwrap();
    w.write(&b).unwrap();
    w.finish().unwrap();
    let bytes = w.into_inner().unwrap();
    let mut codes = std::collections::BTreeMap::new();
    let mut seed = 12345u64;
    for i in 0..400 {
        let mut c = bytes.clone();
        for _ in 0..1 + i % 3 {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let at = (seed >> 33) as usize % if i % 2 == 0 { 900 } else { c.len() };
            c[at] ^= 1 << ((seed >> 20) % 8);
        }
        let f = place.write("z.arrow", &c);
        let ran = place.run(&if i % 4 == 3 {
            vec!["post", &f, "--all-or-nothing"]
        } else {
            vec!["post", &f]
        });
        if ran.code == 101 || ran.code == -1 || ran.code == 3 {
            println!("{i} {} {}", ran.code, ran.err.chars().take(400).collect::<String>());
        }
        *codes.entry(ran.code).or_insert(0) += 1;
    }
    println!("{codes:?}");
}
