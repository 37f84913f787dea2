//! What the form of a block costs: encoding, decoding whole or in part, and hashing, by how many
//! entries a block has and whether each has a header of its own.

use crate::Options;
use crate::table::{Table, count, figure};
use history::{Body, decode, decode_keys, decode_lines, encode, hash_block};
use ledger::entry::{AccountId, EntryKind, Header, InstitutionId, Line};
use ledger::{Batch, Day, EntryNo, Key};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Entries of a block, and entries that share a header.
const SHAPES: [(u32, u32); 7] =
    [(1, 1), (10, 1), (100, 1), (8_000, 8_000), (8_000, 1), (32_000, 32_000), (32_000, 1)];

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_millis(60);

pub fn run(_: &Options) {
    let columns = [
        "entries a block",
        "headers",
        "bytes an entry",
        "encode",
        "copy",
        "decode",
        "keys only",
        "lines only",
        "hash",
    ];
    let table = Table::begin("Form of a block, ns an entry", &columns);
    for (entries, per_header) in SHAPES {
        let body = body(entries, per_header);
        let mut out = Vec::new();
        encode(&body, &mut out);
        let payload = out.clone();
        let each = |nanoseconds: f64| figure(nanoseconds / f64::from(entries));
        let encoded = nanoseconds(|| {
            out.clear();
            encode(black_box(&body), &mut out);
        });
        let copied = nanoseconds(|| {
            out.clear();
            out.extend_from_slice(black_box(&payload));
        });
        // What is decoded in recovery is applied and dropped: the time of both counts.
        let decoded = nanoseconds(|| drop(black_box(decode(black_box(&payload)))));
        let keys = nanoseconds(|| drop(black_box(decode_keys(black_box(&payload)))));
        let lines = nanoseconds(|| drop(black_box(decode_lines(black_box(&payload)))));
        let hashed = nanoseconds(|| {
            black_box(hash_block(&[0; 32], black_box(&payload)));
        });
        let mut cells = vec![
            count(entries as usize),
            count(body.batch.headers.len()),
            figure(payload.len() as f64 / f64::from(entries)),
        ];
        cells.extend([encoded, copied, decoded, keys, lines, hashed].map(each));
        table.row(&cells);
    }
}

/// Of one call: the best of some rounds.
fn nanoseconds(mut call: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let (start, mut calls) = (Instant::now(), 0);
        while start.elapsed() < ROUND {
            call();
            calls += 1;
        }
        best = best.min(start.elapsed().as_nanos() as f64 / f64::from(calls));
    }
    best
}

fn body(entries: u32, per_header: u32) -> Body {
    let mut batch = Batch::default();
    for entry in 0..entries {
        let lines = [Line::debit(AccountId(entry), 100), Line::credit(AccountId(entry + 1), 100)];
        if entry % per_header == 0 {
            batch.headers.push(header(entry));
        }
        batch.push_shared(Key(u128::from(entry) << 64 | 7), &lines);
    }
    let business_date = Day::new(2026, 1, 5);
    Body { first_entry: EntryNo(1), at_micros: 0, business_date, batch, facts: Vec::new() }
}

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
