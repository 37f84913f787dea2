//! How fast blocks are encoded, decoded and hashed: `cargo run --release --example block_rate`.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement reads the clock")]

use history::{Body, decode, decode_keys, decode_lines, encode, hash_block};
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, Line};
use ledger::{Batch, Day, EntryNo, Key};
use std::hint::black_box;
use std::time::Instant;

fn header(no: u32) -> Header {
    Header {
        business_date: Day::new(2026, 1, 5),
        value_date: Day::new(2026, 1, 5),
        institution: InstitutionId(7),
        code: "7001".into(),
        maker: format!("t{:04}", no % 40).into(),
        checker: format!("t{:04}", no % 7).into(),
        authoriser: "".into(),
        channel: "counter".into(),
        document: format!("转账支票 {no:08}").into(),
        attachments: 1,
        summary: "往来转账".into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    }
}

fn body(entries: u32, entries_per_header: u32) -> Body {
    let mut batch = Batch::default();
    for entry in 0..entries {
        let lines = [Line::debit(AccountId(entry), 100), Line::credit(AccountId(entry + 1), 100)];
        if entry % entries_per_header == 0 {
            batch.headers.push(header(entry));
        }
        batch.push_shared(Key(u128::from(entry) << 64 | 7), &lines);
    }
    let business_date = Day::new(2026, 1, 5);
    Body { first_entry: EntryNo(1), at_micros: 0, business_date, batch, facts: Vec::new() }
}

/// Nanoseconds of one call: the best of five rounds.
fn time(mut call: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let (start, mut calls) = (Instant::now(), 0);
        while start.elapsed().as_millis() < 60 {
            call();
            calls += 1;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / f64::from(calls));
    }
    best
}

fn main() {
    println!("entries headers   bytes/entry   encode  copy  decode   keys  lines   hash  ns/entry");
    for (entries, per) in
        [(1, 1), (10, 1), (100, 1), (8000, 8000), (8000, 1), (32000, 32000), (32000, 1)]
    {
        let body = body(entries, per);
        let mut out = Vec::new();
        encode(&body, &mut out);
        let payload = out.clone();
        let each = |ns: f64| ns / f64::from(entries);
        let encoded = time(|| {
            out.clear();
            encode(black_box(&body), &mut out);
        });
        let copied = time(|| {
            out.clear();
            out.extend_from_slice(black_box(&payload));
        });
        // What is decoded in recovery is applied and dropped: the time of both counts.
        let decoded = time(|| drop(black_box(decode(black_box(&payload)).unwrap())));
        let keys = time(|| drop(black_box(decode_keys(black_box(&payload)).unwrap())));
        let lines = time(|| drop(black_box(decode_lines(black_box(&payload)).unwrap())));
        let hashed = time(|| {
            black_box(hash_block(&[0; 32], black_box(&payload)));
        });
        println!(
            "{entries:7} {:7} {:13.1} {:8.1} {:5.1} {:7.1} {:6.1} {:6.1} {:6.1}",
            body.batch.headers.len(),
            payload.len() as f64 / f64::from(entries),
            each(encoded),
            each(copied),
            each(decoded),
            each(keys),
            each(lines),
            each(hashed),
        );
    }
}
