//! Registers and figures: working time, where matters stayed, and that figures are those of the
//! rows beneath them, whatever the order in which records come.

use crate::pages::{founded, root};
use crate::runner::Runner;
use bank::office::clock;
use bank::office::event::Instant;
use bank::office::record::Record;
use bank::office::report::item::stays;
use bank::office::report::reading::{Asked, Reading, Sheet};
use bank::office::report::shown::Shown;
use bank::office::report::{Form, Report};
use bank::rulebook::Rulebook;
use rust_decimal::Decimal;

fn runner(lines: &[&str]) -> Runner {
    let (bank, cast) = founded(&root());
    let mut runner = Runner::at(Box::new(bank), &cast);
    play(&mut runner, lines);
    runner
}

fn play(runner: &mut Runner, lines: &[&str]) {
    for line in lines {
        let said = runner.run(line);
        assert!(!said.starts_with("refused"), "{line}\n{said}");
    }
}

fn at(runner: &Runner, day: &str, time: &str) -> Instant {
    let minutes = clock::minutes(time).unwrap();
    clock::instant(&runner.state().book, day.parse().unwrap(), minutes)
}

/// From 08:30 to 17:30 of business days.
#[test]
fn working_time_is_that_of_business_days() {
    let runner = runner(&["open 2026-01-05"]);
    let worked = |from: (&str, &str), until: (&str, &str)| {
        let (from, until) = (at(&runner, from.0, from.1), at(&runner, until.0, until.1));
        clock::worked(&runner.state().book, from, until)
    };
    let friday = "2026-01-09";
    assert_eq!(worked((friday, "09:00"), (friday, "09:45")), 45);
    assert_eq!(worked((friday, "09:45"), (friday, "09:00")), 0);
    assert_eq!(worked((friday, "17:00"), ("2026-01-12", "09:00")), 60, "over a weekend");
    assert_eq!(worked((friday, "18:00"), ("2026-01-11", "12:00")), 0, "no work, no time");
    assert_eq!(worked((friday, "06:00"), (friday, "23:00")), 540);
    // 2026-02-15 to 02-23 is the Spring Festival; 02-14 and 02-28 are worked.
    assert_eq!(worked(("2026-02-13", "17:29"), ("2026-02-24", "08:31")), 1 + 540 + 1);
    assert_eq!(clock::elapsed(at(&runner, friday, "17:00"), at(&runner, friday, "18:01")), 61);
}

fn steps(record: &Record, now: Instant) -> Vec<(String, i64, bool)> {
    let stays = stays(record, now).into_iter();
    stays.map(|stay| (stay.step, clock::elapsed(stay.from, stay.until), stay.late)).collect()
}

/// A step that was given no hand has its time all the same: sent back, refused, or still waited at.
#[test]
fn a_matter_stays_where_nobody_gave_a_hand() {
    let mut runner = runner(&[
        "open 2026-01-05",
        "as hua open CASH-001 institution=0000 kind=cabinet name=A",
        "clock 2026-01-05 09:30",
        "as zong return 1 to=apply note=a",
        "as hua comment 1 note=b",
        "as hua apply 1",
        "clock 2026-01-05 10:00",
        "as zong refuse 1 note=c",
        "as hua open CASH-001 institution=0000 kind=cabinet name=B",
    ]);
    let opened = at(&runner, "2026-01-05", "09:00");
    let refused = &runner.desk.ended()[0];
    assert_eq!(refused.opened_at, opened);
    let said = |name: &str, minutes: i64| (name.to_owned(), minutes, false);
    let stayed = [said("apply", 0), said("approve", 31), said("apply", 2), said("approve", 28)];
    assert_eq!(steps(refused, i64::MAX), stayed, "what has ended stays nowhere any more");
    let now = at(&runner, "2026-01-05", "10:12");
    let open = &runner.state().office.records.open[&2];
    assert_eq!(steps(open, now), [said("apply", 0), said("approve", 10)]);
}

/// Nobody told the clock to look: what is done after its time is late all the same.
#[test]
fn what_is_done_after_its_time_is_late() {
    let mut runner = runner(&[
        "ready seal",
        "as ana open SEAL-106 seal=seal_business:YW1 paper=a copies=1 purpose=b where=outside",
        "as cai approve 14",
        "as deng approve 14",
        "as fan stamp 14 stamped=1",
    ]);
    let record = runner.state().office.records.open[&14].clone();
    let late = |record: &Record, now| steps(record, now).iter().any(|(.., late)| *late);
    let due = record.due.unwrap();
    assert!(!late(&record, due) && late(&record, due + 1));
    runner.now = due;
    play(&mut runner, &["as cai bring_back 14"]);
    let ended = runner.desk.ended();
    let record = ended.iter().find(|record| record.id == 14).unwrap();
    let marked: Vec<&str> =
        record.trace.iter().filter(|one| one.late).map(|one| one.step()).collect();
    assert_eq!(marked, ["bring_back"]);
    assert!(late(record, 0));
}

fn sheet(runner: &Runner, records: &[Record], report: &Report) -> Sheet {
    let asked = Asked { now: runner.now, ..Asked::default() };
    let mut reading = Reading::new(report, runner.state(), asked);
    reading.take_open();
    records.iter().for_each(|record| reading.take(record));
    reading.finish()
}

fn number(shown: &Shown) -> Decimal {
    shown.number().unwrap()
}

/// The figures of a group are those of its rows in the register, and the last row is that of all.
#[test]
fn figures_are_those_of_the_rows() {
    let mut runner = runner(&["ready"]);
    for (at, sum) in [3_i64, 200, 17, 5, 1, 40].iter().enumerate() {
        let (who, other) = [("ana", "cai"), ("hai", "ji")][at % 2];
        let place = [("0101/box/ana"), ("0102/box/hai")][at % 2];
        let direction = if at % 3 == 0 { "over" } else { "short" };
        let line = format!(
            "as {who} open CASH-070 place={place} keeper={who} direction={direction} \
             nature=technical notes=1:{sum} found=日终轧账不符"
        );
        play(&mut runner, &[&line]);
        if at > 2 {
            play(&mut runner, &[&format!("as {other} refuse {} note=x", at + 8)]);
        }
    }
    let mut records = runner.desk.ended();
    assert_eq!(records.iter().filter(|record| record.code == "CASH-070").count(), 3);
    let reports = report_files(&runner, "cash-differences");
    let (register, figures) = (&reports[0], &reports[1]);
    let rows = sheet(&runner, &records, register).rows;
    let table = sheet(&runner, &records, figures);
    let key = |row: &[Shown]| (row[2].clone(), row[6].clone());
    for group in &table.rows {
        let mine: Vec<Decimal> = rows
            .iter()
            .filter(|row| key(row) == (group[0].clone(), group[1].clone()))
            .map(|row| number(&row[7]))
            .collect();
        assert_eq!(number(&group[2]), Decimal::from(mine.len()));
        assert_eq!(number(&group[3]), mine.iter().sum::<Decimal>());
        let average = mine.iter().sum::<Decimal>() / Decimal::from(mine.len());
        assert_eq!(group[4], Shown::figure(average, Form::Money(2)));
        assert_eq!(Some(number(&group[5])), mine.iter().copied().max());
        assert_eq!(Some(number(&group[6])), mine.iter().copied().min());
    }
    let total = table.total.as_ref().unwrap();
    assert_eq!(total[0], Shown::named("total", "合计", "Total"));
    assert_eq!(number(&total[2]), Decimal::from(6));
    assert_eq!(number(&total[3]), Decimal::from(266));
    assert_eq!(total[7], Shown::Share(5_000), "half of them were refused");
    records.reverse();
    assert_eq!(sheet(&runner, &records, register).rows, rows, "by number, however they come");
    assert_eq!(sheet(&runner, &records, figures), table);
}

/// The register of a code as it is shipped, and figures over the same matters.
fn report_files(runner: &Runner, code: &str) -> Vec<Report> {
    let files = &runner.state().rulebook.files;
    let mut files = files.clone();
    let (_, shipped) =
        files.iter().find(|(_, text)| text.contains(&format!("\"{code}\""))).unwrap();
    let (head, _) = shipped.split_once("of = ").unwrap();
    let figures = format!(
        "{}of = [\"CASH-070\"]\nby = [\"@institution\", \"direction\"]\n\
         column = [{{ count = [] }}, {{ sum = \"amount\" }}, {{ average = \"amount\" }},\n\
         {{ greatest = \"amount\" }}, {{ least = \"amount\" }},\n\
         {{ share = [{{ field = \"@state\", is = [\"refused\"] }}] }}]\n\
         total = [\"count\", \"sum\", \"share\"]\n",
        head.replace(code, "figures-of-test")
    );
    files.push(("difference/test.toml".to_owned(), figures));
    let rulebook = Rulebook::parse(&files).unwrap();
    let of = |code: &str| Report::clone(&rulebook.office.reports[code]);
    vec![of(code), of("figures-of-test")]
}

#[test]
fn figures_are_rounded_half_up_once() {
    let figure = |text: &str, form| Shown::figure(text.parse().unwrap(), form);
    assert_eq!(figure("0.005", Form::Money(2)), Shown::Money(1, 2));
    assert_eq!(figure("0.0049999", Form::Money(2)), Shown::Money(0, 2));
    assert_eq!(figure("2.5", Form::Whole), Shown::Whole(3));
    assert_eq!(figure("0.33335", Form::Share), Shown::Share(3_334));
    assert_eq!(figure("1.2345", Form::Decimal), Shown::Decimal("1.2345".parse().unwrap()));
}
