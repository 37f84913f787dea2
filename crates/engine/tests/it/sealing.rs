//! What happens between sealing a day and its certificate: crashes, other commands, other nodes.

use crate::simulate::rules;
use bank::Command;
use bank::form::{AccountForm, InstitutionForm};
use engine::close::{ClosedDay, Seal, close_day};
use engine::reseal::reseal;
use engine::seal::{ArchiveSeal, certificate_at};
use engine::verify::verify;
use engine::{Engine, Fault};
use history::{Archive, Period};
use ledger::Day;
use ledger::chart::Title;
use ledger::close::Certificate;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::memory::MemoryDisk;

const BANK: &str = "demo";

fn bank(disk: &MemoryDisk) -> Engine {
    let title = Title { zh: "示范".into(), en: "Demo".into() };
    let (store, files) = (Box::new(disk.open()), rules::real());
    let engine = Engine::create(store, BANK, title.clone(), files, Arc::new(|| 0)).unwrap();
    let head = InstitutionForm { code: "00".into(), title, parent: None };
    engine.call(Command::AddInstitutions(vec![head])).unwrap();
    let (kinds, institution) = (vec!["cash_vault".to_owned()], "00".to_owned());
    let unit = "CNY".to_owned();
    engine.call(Command::OpenInternal { kinds, institution, unit }).unwrap();
    engine.call(Command::OpenDay { day: Some(Day::new(2026, 1, 30)) }).unwrap();
    engine.call(open_account("one")).unwrap();
    pay_in(&engine, "first");
    engine
}

fn again(disk: &MemoryDisk) -> Engine {
    Engine::open(Box::new(disk.open()), BANK, Arc::new(|| 0)).unwrap()
}

fn open_account(number: &str) -> Command {
    Command::OpenAccounts(vec![AccountForm {
        number: number.into(),
        name: "客户".into(),
        kind: "personal_current".into(),
        institution: "00".into(),
        unit: None,
        term: None,
    }])
}

fn pay_in(engine: &Engine, key: &str) {
    let entry = serde_json::json!({
        "key": key, "institution": "00", "maker": "zhang",
        "lines": [
            { "account": "00.CNY.1001-01.01", "side": "debit", "amount": "5.00" },
            { "account": "one", "side": "credit", "amount": "5.00" },
        ],
    });
    let entry = serde_json::from_value(entry).unwrap();
    engine.call(Command::Post { entries: vec![entry], whole: true }).unwrap();
}

fn close(engine: &Engine, archive: &Archive) -> Result<Certificate, Fault> {
    let mut seal = ArchiveSeal { archive, bank: BANK, engine };
    close_day(engine, "ops", None, &mut seal, |_, _| {})
}

/// Seals, and then does something before the certificate is written.
struct Then<'a, F>(ArchiveSeal<'a>, F);

impl<F: FnMut(&ClosedDay) -> Result<(), Fault>> Seal for Then<'_, F> {
    fn seal(&mut self, day: &ClosedDay) -> Result<(), Fault> {
        self.0.seal(day)?;
        (self.1)(day)
    }

    fn closed(&mut self, day: &ClosedDay) -> Result<(), Fault> {
        self.0.closed(day)
    }
}

fn close_and(
    engine: &Engine,
    archive: &Archive,
    then: impl FnMut(&ClosedDay) -> Result<(), Fault>,
) -> Result<Certificate, Fault> {
    let seal = ArchiveSeal { archive, bank: BANK, engine };
    close_day(engine, "ops", None, &mut Then(seal, then), |_, _| {})
}

/// The archive holds the day as the journal closed it.
fn agrees(archive: &Archive, certificate: &Certificate) {
    let manifest = archive.verify(BANK, Period::Day(certificate.day)).unwrap();
    assert_eq!(manifest.chain.first_seq, certificate.first_seq);
    assert_eq!(manifest.chain.last_seq, certificate.last_seq);
    assert_eq!(manifest.chain.last_hash, certificate.chain);
}

#[test]
fn a_close_that_broke_off_after_sealing_is_made_up_for() {
    let (disk, archive) = (MemoryDisk::new(), Archive::in_memory());
    let engine = bank(&disk);
    let killed = close_and(&engine, &archive, |_| Err(Fault::Archive("killed".into())));
    assert_eq!(killed.unwrap_err().code(), "ArchiveFault");
    disk.crash();
    drop(engine);
    let engine = again(&disk);
    engine.call(open_account("two")).unwrap();
    let certificate = close(&engine, &archive).unwrap();
    agrees(&archive, &certificate);
}

#[test]
fn what_happens_while_a_day_is_sealed_is_sealed_with_it() {
    let (disk, archive) = (MemoryDisk::new(), Archive::in_memory());
    let engine = bank(&disk);
    let mut late = vec!["three", "two"];
    let certificate = close_and(&engine, &archive, |_| {
        late.pop().map_or(Ok(()), |number| Ok(engine.call(open_account(number)).map(drop)?))
    });
    agrees(&archive, &certificate.unwrap());
}

#[test]
fn a_node_that_takes_over_closes_what_another_sealed() {
    let (disk, archive) = (MemoryDisk::new(), Archive::in_memory());
    let first = bank(&disk);
    let mut second = None;
    let fenced = close_and(&first, &archive, |_| {
        let engine = again(&disk);
        engine.call(open_account("two")).unwrap();
        second = Some(engine);
        Ok(())
    });
    assert_eq!(fenced.unwrap_err().code(), "Unavailable");
    let certificate = close(&second.unwrap(), &archive).unwrap();
    agrees(&archive, &certificate);
}

#[test]
fn a_rival_that_sealed_over_a_day_before_it_lost_it_is_put_right() {
    let (disk, archive) = (MemoryDisk::new(), Archive::in_memory());
    let engine = bank(&disk);
    let rival = MemoryDisk::new();
    let certificate = close_and(&engine, &archive, |_| {
        // What a rival would seal: other books, closed by nobody.
        let other = bank(&rival);
        other.call(open_account("two")).unwrap();
        archive.unseal(BANK, Period::Day(Day::new(2026, 1, 30))).unwrap();
        let sealed = close_and(&other, &archive, |_| Err(Fault::Archive("fenced".into())));
        assert!(sealed.is_err());
        Ok(())
    });
    agrees(&archive, &certificate.unwrap());
}

#[test]
fn a_day_that_the_journal_closed_is_never_sealed_otherwise() {
    let (disk, archive) = (MemoryDisk::new(), Archive::in_memory());
    let engine = bank(&disk);
    let mut other = None;
    let certificate = close_and(&engine, &archive, |day| {
        let (bodies, names, gl) = (Arc::clone(&day.bodies), day.names.clone(), day.gl.clone());
        let (day, blocks) = (day.day, day.blocks);
        other = Some(ClosedDay { day, full: false, blocks, bodies, names, gl });
        Ok(())
    });
    let certificate = certificate.unwrap();
    let mut seal = ArchiveSeal { archive: &archive, bank: BANK, engine: &engine };
    let refused = seal.seal(&other.unwrap()).unwrap_err();
    assert!(refused.to_string().contains("sealed already"), "{refused}");
    agrees(&archive, &certificate);
}

#[test]
fn days_are_sealed_again_from_the_blocks_just_as_they_were() {
    let (disk, archive, other) = (MemoryDisk::new(), Archive::in_memory(), Archive::in_memory());
    let engine = bank(&disk);
    let mut days = vec![close(&engine, &archive).unwrap().day];
    for key in ["second", "third"] {
        engine.call(Command::OpenDay { day: None }).unwrap();
        pay_in(&engine, key);
        days.push(close(&engine, &archive).unwrap().day);
    }
    engine.call(Command::OpenDay { day: None }).unwrap();
    pay_in(&engine, "fourth");
    let today = engine.look(|state| state.book.today).unwrap();
    let wanted = BTreeSet::from([days[0], days[2], today]);
    let done = reseal(Box::new(disk.open()), BANK, &other, &wanted, |_| {}).unwrap();
    assert_eq!(done, [days[0], days[2]], "a day that is open is not sealed");
    for day in done {
        let sealed = archive.manifest(BANK, Period::Day(day)).unwrap();
        assert_eq!(other.verify(BANK, Period::Day(day)).unwrap(), sealed);
        let mut store = disk.open();
        let certificate = certificate_at(&mut store, BANK, sealed.chain.last_seq + 1).unwrap();
        assert_eq!(certificate.unwrap().day, day);
    }
    assert!(verify(Box::new(disk.open()), BANK, |_| {}).unwrap().differences.is_empty());
}
