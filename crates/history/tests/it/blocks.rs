//! The payload of a block: what is written is read again, and nothing damaged is believed.

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use arrow_ipc::reader::StreamReader;
use history::block::{END_OF_STREAM, Section, schema, schema_message, section_stream};
use history::{
    BlockError, Body, PlacedFact, decode, decode_facts, decode_keys, decode_lines, encode,
};
use ledger::entry::{
    AccountId, EntryKind, EntryRow, Header, InstitutionId, ItemId, Line, LineFlags, Mark,
};
use ledger::{Batch, Day, EntryNo, Key};
use proptest::prelude::*;
use std::sync::Arc;

fn text() -> impl Strategy<Value = Arc<str>> {
    prop_oneof![Just(""), Just("7001"), Just("转账 transfer"), Just("张三"), Just("€🏦")]
        .prop_map(Arc::from)
}

fn header() -> impl Strategy<Value = Header> {
    let texts = prop::collection::vec(text(), 7);
    let dates = (-4_371_587..=2_932_896_i32, 20_000..21_000_i32);
    (dates, any::<u16>(), texts, any::<u16>(), 0..9_usize, any::<u64>()).prop_map(
        |((value, business), institution, texts, attachments, kind, original)| Header {
            business_date: Day(business),
            value_date: Day(value),
            institution: InstitutionId(institution),
            code: texts[0].clone(),
            maker: texts[1].clone(),
            checker: texts[2].clone(),
            authoriser: texts[3].clone(),
            channel: texts[4].clone(),
            document: texts[5].clone(),
            attachments,
            summary: texts[6].clone(),
            kind: EntryKind::ALL[kind],
            original: EntryNo(original),
        },
    )
}

fn line() -> impl Strategy<Value = Line> {
    (any::<u32>(), 0_u8..16, 0..=i64::MAX).prop_map(|(account, flags, amount)| Line {
        account: AccountId(account),
        flags: LineFlags(flags),
        amount,
    })
}

/// Any batch that the codec must carry: also entries without lines and headers without entries.
fn batch() -> impl Strategy<Value = Batch> {
    let headers = prop::collection::vec(header(), 1..5);
    let entries =
        prop::collection::vec((any::<u128>(), any::<prop::sample::Index>(), 0_u32..5), 0..20);
    let marks = prop::collection::vec(
        (
            any::<prop::sample::Index>(),
            prop::option::of((any::<u64>(), any::<u16>())),
            prop::option::of(any::<i64>()),
        ),
        0..9,
    );
    (headers, entries, marks).prop_flat_map(|(headers, entries, marks)| {
        let mut lines_end = 0;
        let entries: Vec<EntryRow> = entries
            .into_iter()
            .map(|(key, header, lines)| {
                lines_end += lines;
                EntryRow { key: Key(key), header: header.index(headers.len()) as u32, lines_end }
            })
            .collect();
        prop::collection::vec(line(), lines_end as usize).prop_map(move |lines| {
            let count = lines.len();
            let mut marks: Vec<Mark> = marks
                .iter()
                .filter(|_| count > 0)
                .map(|(line, clears, quantity)| Mark {
                    line: line.index(count) as u32,
                    clears: clears.map(|(entry, line)| ItemId { entry: EntryNo(entry), line }),
                    quantity: *quantity,
                })
                .collect();
            marks.sort_by_key(|mark| mark.line);
            Batch { headers: headers.clone(), entries: entries.clone(), lines, marks }
        })
    })
}

fn body() -> impl Strategy<Value = Body> {
    let json = prop_oneof![
        Just("{\"opened\":{\"number\":\"6222 0001\",\"name\":\"张三\"}}"),
        Just("[]"),
        Just("\"]\\\"\""),
        Just("{ \"a\" : 1.50 }"),
    ];
    let facts = prop::collection::vec((any::<prop::sample::Index>(), json), 0..5);
    (batch(), facts, 1..u64::MAX / 2, any::<i64>(), 20_000..21_000_i32).prop_map(
        |(batch, facts, first, at_micros, day)| {
            let mut facts: Vec<PlacedFact> = facts
                .into_iter()
                .map(|(after, json)| PlacedFact {
                    after: after.index(batch.len() + 1) as u32,
                    json: json.to_owned(),
                })
                .collect();
            facts.sort_by_key(|fact| fact.after);
            let (first_entry, business_date) = (EntryNo(first), Day(day));
            Body { first_entry, at_micros, business_date, batch, facts }
        },
    )
}

fn encoded(body: &Body) -> Vec<u8> {
    let mut payload = Vec::new();
    encode(body, &mut payload);
    payload
}

/// Everything that reads a payload; it must answer, whatever the payload is.
fn read_all(payload: &[u8]) -> Result<Body, BlockError> {
    let _ = decode_keys(payload);
    let _ = decode_lines(payload);
    let _ = decode_facts(payload);
    let _ = section_stream(payload, Section::Lines);
    decode(payload)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_encoded_is_decoded(body in body()) {
        let payload = encoded(&body);
        prop_assert_eq!(payload.len() % 8, 0);
        let read = decode(&payload).unwrap();
        prop_assert_eq!(&read, &body);
        let keys: Vec<Key> = body.batch.entries.iter().map(|entry| entry.key).collect();
        prop_assert_eq!(decode_keys(&payload).unwrap().keys, keys);
        let facts = decode_facts(&payload).unwrap();
        prop_assert_eq!((facts.at_micros, facts.facts), (body.at_micros, body.facts.clone()));
        let lines = decode_lines(&payload).unwrap();
        let ends: Vec<u32> = body.batch.entries.iter().map(|entry| entry.lines_end).collect();
        prop_assert_eq!(lines.lines_end, ends);
        prop_assert_eq!(lines.lines, body.batch.lines);
    }

    #[test]
    fn random_bytes_are_refused(mut bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read_all(&bytes).is_err());
        for (byte, magic) in bytes.iter_mut().zip(b"PHBLOCK\x01") {
            *byte = *magic;
        }
        let _ = read_all(&bytes);
    }

    #[test]
    fn a_cut_payload_is_refused(body in body(), cut in any::<prop::sample::Index>()) {
        let payload = encoded(&body);
        prop_assert!(read_all(&payload[..cut.index(payload.len())]).is_err());
    }

    #[test]
    fn flipped_bits_never_panic(
        body in body(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 1..4),
    ) {
        let mut payload = encoded(&body);
        for (at, bit) in flips {
            let at = at.index(payload.len());
            payload[at] ^= 1_u8 << bit;
        }
        // What still decodes is a sound batch, so it encodes again.
        if let Ok(read) = read_all(&payload) {
            prop_assert_eq!(decode(&encoded(&read)).unwrap(), read);
        }
    }

    #[test]
    fn any_arrow_library_reads_the_sections(body in body()) {
        let payload = encoded(&body);
        for section in Section::ALL {
            let stream = section_stream(&payload, section).unwrap();
            let reader = StreamReader::try_new(&stream[..], None).unwrap();
            prop_assert_eq!(&*reader.schema(), &schema(section));
            let rows: usize = reader.map(|batch| batch.unwrap().num_rows()).sum();
            let batch = &body.batch;
            let expected = match section {
                Section::Headers => batch.headers.len(),
                Section::Entries => batch.entries.len(),
                Section::Lines => batch.lines.len(),
                Section::Marks => batch.marks.len(),
            };
            prop_assert_eq!(rows, expected);
        }
        arrow_agrees(&body.batch, &payload);
    }
}

fn arrow_agrees(batch: &Batch, payload: &[u8]) {
    let read = |section| {
        let stream = section_stream(payload, section).unwrap();
        StreamReader::try_new(&stream[..], None).unwrap().next().map(Result::unwrap)
    };
    if let Some(lines) = read(Section::Lines) {
        let amounts: Vec<i64> = batch.lines.iter().map(|line| line.amount).collect();
        assert_eq!(lines["amount"].as_primitive::<Int64Type>().values(), &amounts[..]);
        let flags: Vec<u8> = batch.lines.iter().map(|line| line.flags.0).collect();
        assert_eq!(lines["flags"].as_primitive::<UInt8Type>().values(), &flags[..]);
        let owners = lines["entry"].as_primitive::<UInt32Type>().values();
        for entry in 0..batch.len() {
            assert!(batch.range(entry).all(|line| owners[line] as usize == entry));
        }
    }
    if let Some(headers) = read(Section::Headers) {
        let summaries: Vec<&str> = batch.headers.iter().map(|header| &*header.summary).collect();
        assert!(headers["summary"].as_string::<i32>().iter().flatten().eq(summaries));
    }
    if let Some(entries) = read(Section::Entries) {
        let keys = entries["key"].as_fixed_size_binary();
        for (key, entry) in keys.iter().flatten().zip(&batch.entries) {
            assert_eq!(key, entry.key.0.to_be_bytes());
        }
    }
    if let Some(marks) = read(Section::Marks) {
        let entries = marks["clears_entry"].as_primitive::<UInt64Type>();
        let lines = marks["clears_line"].as_primitive::<UInt16Type>();
        let quantities = marks["quantity"].as_primitive::<Int64Type>();
        let read = entries.iter().zip(lines).zip(quantities);
        let expected = batch.marks.iter().map(|mark| {
            (
                (mark.clears.map(|item| item.entry.0), mark.clears.map(|item| item.line)),
                mark.quantity,
            )
        });
        assert!(read.eq(expected));
    }
}

/// A batch as a teller or a bulk file makes it: `entries` transfers under one header.
fn transfers(entries: u32) -> Body {
    let header = Header {
        business_date: Day::new(2026, 1, 5),
        value_date: Day::new(2026, 1, 5),
        institution: InstitutionId(7),
        code: "7001".into(),
        maker: "t0012".into(),
        checker: "t0031".into(),
        authoriser: "".into(),
        channel: "counter".into(),
        document: "转账支票 12345678".into(),
        attachments: 1,
        summary: "往来转账 supplier payment".into(),
        kind: EntryKind::Normal,
        original: EntryNo(0),
    };
    let mut batch = Batch::default();
    batch.headers.push(header);
    for entry in 0..entries {
        let lines = [Line::debit(AccountId(entry), 100), Line::credit(AccountId(entry + 1), 100)];
        batch.push_shared(Key(u128::from(entry) << 64 | 7), &lines);
    }
    let business_date = Day::new(2026, 1, 5);
    Body { first_entry: EntryNo(1), at_micros: 0, business_date, batch, facts: Vec::new() }
}

#[test]
fn blocks_are_small() {
    let lone = encoded(&transfers(1)).len();
    assert!(lone <= 2048, "a block of one entry takes {lone} bytes");
    let bulk = encoded(&transfers(8000)).len();
    assert!(bulk < 8000 * 60, "8,000 entries take {bulk} bytes");
}

#[test]
fn the_documented_recipe_makes_a_stream() {
    let payload = encoded(&transfers(3));
    // The section of lines is the last of three.
    let length = u64::from_le_bytes(payload[32 + 2 * 16 + 8..32 + 3 * 16].try_into().unwrap());
    let section = &payload[payload.len() - length as usize..];
    let stream = [&schema_message(Section::Lines), section, &END_OF_STREAM].concat();
    let batch = StreamReader::try_new(&stream[..], None).unwrap().next().unwrap().unwrap();
    assert_eq!(batch.num_rows(), 6);
    assert_eq!(stream, section_stream(&payload, Section::Lines).unwrap());
}

#[test]
fn an_error_says_what_is_wrong() {
    let payload = encoded(&transfers(2));
    let says = |bytes: &[u8]| decode(bytes).unwrap_err().to_string();
    let mut other = payload.clone();
    other[7] = 9;
    assert_eq!(says(&other), "the block is of version 9, and this program reads version 1");
    assert_eq!(says(b"hello"), "the payload is not a journal block: it is shorter than a preamble");
    let mut other = payload.clone();
    // The amount of the last line is the last eight bytes of the payload.
    *other.last_mut().unwrap() = 0x80;
    assert_eq!(
        says(&other),
        "the section `lines` of the block is damaged: a line has a negative amount"
    );
}

#[test]
#[should_panic(expected = "every line belongs to an entry")]
fn a_block_that_nobody_could_read_is_not_written() {
    let mut body = transfers(1);
    body.batch.lines.push(Line::debit(AccountId(1), 1));
    encoded(&body);
}

#[test]
fn the_chain_is_sha_256_over_the_hash_before_and_the_payload() {
    let hash = history::hash_block(&[0; 32], b"");
    // SHA-256 of 32 zero bytes.
    let known = "66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925";
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, known);
}
