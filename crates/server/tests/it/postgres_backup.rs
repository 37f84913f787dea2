//! Backups: made while the bank is served, restored into either store, up to any moment, and
//! refused when a byte of them is not what was written.

use crate::program::{CASH, LI, Place, line, transfer};
use crate::served::{Served, until};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use store::testing::Cluster;

const PEOPLE: &str = "operator,name,institution,posts\n\
                      zhang,张三,0000,accountant\n\
                      wei,魏五,0000,it_clerk\n";

/// A bank with a closed day, a document, and people who sign in.
fn lived() -> Place {
    let place = Place::open();
    let people = place.write("people.csv", PEOPLE);
    place.run(&["office", "enrol", &people]).ok();
    fs::write(place.home().join("made-by-demo"), "").unwrap();
    let letter = place.write("letter.pdf", b"%PDF-1.7 a letter");
    place.run(&["office", "attach", &letter]).ok();
    post(&place, "first", 3);
    place.run(&["day", "close"]).ok();
    place.run(&["day", "open"]).ok();
    post(&place, "second", 2);
    place
}

fn post(place: &Place, name: &str, count: u32) {
    let text: String =
        (0..count).map(|no| line(&transfer(&format!("{name}-{no}"), CASH, LI, "1.00"))).collect();
    let file = place.write(&format!("{name}.ndjson"), text);
    place.run(&["post", &file]).ok();
}

fn backup(place: &Place, to: &Path) -> Value {
    let (code, made) = place.json(&["backup", "--to", &to.display().to_string()]);
    assert_eq!(code, 0, "{made:?}");
    made[0].clone()
}

/// Restores into a new home; answers it with what the program said.
fn restore(place: &Place, from: &Path, name: &str, flags: &[&str]) -> (PathBuf, Vec<Value>) {
    let home = place.path(name);
    let from = from.display().to_string();
    let words = [&["--json", "restore", "--from", &from], flags].concat();
    let output = place.command_at(&home, &words).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{says}");
    let text = String::from_utf8(output.stdout).unwrap();
    // Two documents, each over many lines or one.
    let values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
    (home, values.map(Result::unwrap).collect())
}

#[track_caller]
fn refused(place: &Place, from: &Path, flags: &[&str], code: &str) {
    let home = tempfile::tempdir().unwrap();
    let from = from.display().to_string();
    let words = [&["restore", "--from", &from], flags].concat();
    let output = place.command_at(&home.path().join("home"), &words).output().unwrap();
    let says = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && says.contains(code), "{code}: {says}");
    assert!(!home.path().join("home/piaohao.toml").exists(), "no home is left behind");
}

fn json_at(place: &Place, home: &Path, words: &[&str]) -> Value {
    let output = place.command_at(home, &[&["--json"], words].concat()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The files of a folder with what is in them, by path.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

#[test]
fn a_backup_of_a_bank_at_work_is_restored_into_either_store() {
    let place = lived();
    let to = place.path("backup");
    let served = Served::start(&place, &place.home());
    served.becomes("writer");
    let signed = served.sign_in("zhang");
    let stop = AtomicBool::new(false);
    let posted = std::thread::scope(|scope| {
        let client = scope.spawn(|| {
            let mut count = 0;
            while !stop.load(Ordering::Relaxed) {
                let head = signed.head(&format!("at-work-{count}"));
                let body = transfer("", CASH, LI, "1.00").to_string();
                let answer = served.ask("POST", "/api/v1/entries", &head, &body).unwrap();
                assert_eq!(answer.status, 201, "{answer:?}");
                count += 1;
            }
            count
        });
        let first = backup(&place, &to);
        assert!(first["blocks"].as_u64().unwrap() > 5 && first["documents"] == 1, "{first}");
        let second = backup(&place, &to);
        let fresh = second["tip"].as_u64().unwrap() - first["tip"].as_u64().unwrap();
        assert_eq!(second["blocks"].as_u64().unwrap(), fresh);
        assert_eq!((&second["documents"], &second["sealed"]), (&0.into(), &0.into()));
        // What was restored of a bank at work is whole by itself.
        restore(&place, &to, "while", &[]);
        stop.store(true, Ordering::Relaxed);
        client.join().unwrap()
    });
    assert!(posted > 0);
    served.signal("TERM");
    until(|| served.role().is_empty());
    drop(served);
    backup(&place, &to);
    let original = json_at(&place, &place.home(), &["verify"]);

    let (sqlite, said) = restore(&place, &to, "sqlite", &[]);
    assert_eq!(said[1], original);
    let database = Cluster::shared().database().unwrap();
    let url = place.write("store.url", database.url());
    let (postgres, said) = restore(&place, &to, "postgres", &["--store", &format!("file:{url}")]);
    assert_eq!(said[1], original);
    for home in [&sqlite, &postgres] {
        assert_eq!(json_at(&place, home, &["verify"]), original);
        let account = json_at(&place, home, &["account", "show", LI]);
        assert_eq!(account["balance"], place.account(LI)["balance"]);
    }
    // Passwords came along, sessions did not.
    let again = Served::start(&place, &postgres);
    again.becomes("writer");
    again.sign_in("zhang");
    let old = again.ask("GET", "/api/v1/session", &signed.head("x"), "").unwrap();
    assert_eq!(old.json()["code"], "SessionEnded");
    // A bank that went on from its backup is another than the original.
    let words = ["backup", "--to", &to.display().to_string()];
    post(&place, "original", 1);
    place.run(&words).ok();
    drop(again);
    let other = place.command_at(&postgres, &words).output().unwrap();
    assert!(String::from_utf8(other.stderr).unwrap().contains("BackupOfAnother"));
}

#[test]
fn a_bank_is_restored_to_a_moment_of_postgres_or_sqlite() {
    let place = lived();
    let to = place.path("backup");
    let tip = backup(&place, &to)["tip"].as_u64().unwrap();
    let (home, said) = restore(&place, &to, "day", &["--until-day", "2026-01-05"]);
    assert_eq!(said[1]["days"], 1);
    assert_eq!(json_at(&place, &home, &["account", "show", LI])["balance"], "3.00");
    assert_eq!(json_at(&place, &home, &["day", "status"])["phase"], "closed");
    let before = (tip - 1).to_string();
    let (home, said) = restore(&place, &to, "seq", &["--until-seq", &before]);
    assert_eq!(said[0]["seq"], tip - 1);
    assert_eq!(json_at(&place, &home, &["account", "show", LI])["balance"], "3.00");
    // The instant of the last block but one takes it in; a day's seal that comes later stays out.
    let at = jiff::Timestamp::from_microsecond(said[0]["at"].as_i64().unwrap()).unwrap();
    let (_, said) = restore(&place, &to, "instant", &["--until", &at.to_string()]);
    assert_eq!(said[0]["seq"], tip - 1);
    let (home, said) = restore(&place, &to, "early", &["--until-seq", "3"]);
    assert_eq!((&said[0]["sealed"], &said[1]["days"]), (&0.into(), &0.into()));
    assert!(!home.join("history/demo").exists());
    // And it lives on from there.
    let words = ["day", "open", "2026-01-05"];
    assert!(place.command_at(&home, &words).output().unwrap().status.success());

    refused(&place, &to, &["--until", "2020-01-01T00:00:00Z"], "PointBeforeFirst");
    refused(&place, &to, &["--until-seq", "0"], "PointBeforeFirst");
    refused(&place, &to, &["--until-seq", &(tip + 1).to_string()], "PointAfterBackup");
    refused(&place, &place.path("nothing"), &[], "NoBackup");
    let books = place.home().join("books.db").display().to_string();
    refused(&place, &to, &["--store", &books], "StoreNotEmpty");
    let taken = place.command_at(&home, &["restore", "--from", &to.display().to_string()]);
    let taken = { taken }.output().unwrap();
    assert!(String::from_utf8(taken.stderr).unwrap().contains("HomeTaken"));
}

#[test]
fn a_flipped_byte_anywhere_is_refused() {
    let place = lived();
    let to = place.path("backup");
    backup(&place, &to);
    for path in files(&to).into_iter().filter(|path| !path.ends_with("backup.lock")) {
        let sound = fs::read(&path).unwrap();
        let mut bytes = sound.clone();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(&path, &bytes).unwrap();
        refused(&place, &to, &[], "BackupDamaged");
        fs::write(&path, &sound).unwrap();
    }
    fs::remove_file(files(&to.join("blocks")).remove(0)).unwrap();
    refused(&place, &to, &[], "BackupDamaged");
}

#[test]
fn a_backup_is_asked_for_through_the_service() {
    let place = lived();
    let served = Served::start(&place, &place.home());
    served.becomes("writer");
    let wei = served.sign_in("wei");
    let answer = served.ask("POST", "/api/v1/backups", &wei.head("1"), "").unwrap();
    assert_eq!(answer.json()["code"], "NoBackupFolder");
    drop(served);
    let config = place.home().join("piaohao.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("{text}\n[serve]\nbackup = \"copies\"\n")).unwrap();
    let served = Served::start(&place, &place.home());
    served.becomes("writer");
    let zhang = served.sign_in("zhang");
    let answer = served.ask("POST", "/api/v1/backups", &zhang.head("1"), "").unwrap();
    assert_eq!((answer.status, &answer.json()["code"]), (403, &"NotPermitted".into()));
    let wei = served.sign_in("wei");
    let answer = served.ask("POST", "/api/v1/backups", &wei.head("1"), "").unwrap();
    assert_eq!(answer.status, 202, "{answer:?}");
    let mut listed = Value::Null;
    until(|| {
        let answer = served.ask("GET", "/api/v1/backups", &wei.head("1"), "").unwrap();
        listed = answer.json();
        listed["running_since"].is_null()
    });
    assert_eq!((&listed["failed"], &listed["made"][0]["by"]), (&Value::Null, &"wei".into()));
    assert!(listed["made"][0]["blocks"].as_u64().unwrap() > 5, "{listed}");
    restore(&place, &place.home().join("copies"), "restored", &[]);
}
