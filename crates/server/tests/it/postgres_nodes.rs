//! Two nodes on one store: when the writer dies, the other takes over; nothing that was
//! acknowledged is lost, and nothing is posted twice.

use crate::program::{CASH, LI, Place, WANG, line, transfer};
use crate::served::{Answer, LONG, Served, Signed, ask, until};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use store::testing::Cluster;

/// What a bank may wait for the other node.
const SOON: Duration = Duration::from_secs(15);

const CLIENTS: usize = 4;

/// A bank whose operators sign in with one password; `zhang` posts.
fn staffed(place: &Place) {
    let people = "operator,name,institution,posts\nzhang,张三,0000,accountant\n";
    let file = place.write("people.csv", people);
    place.run(&["office", "enrol", &file]).ok();
    std::fs::write(place.home().join("made-by-demo"), "").unwrap();
    // Clients that are turned away ask again at once, and more often than any person does.
    let config = place.home().join("piaohao.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(config, format!("{text}\n[serve.limits]\nrate = 0\n")).unwrap();
}

/// A second home of the same bank.
fn second_home(place: &Place) -> PathBuf {
    let home = place.path("second");
    std::fs::create_dir(&home).unwrap();
    let config = std::fs::read_to_string(place.home().join("piaohao.toml")).unwrap();
    let archive = place.home().join("history").display().to_string();
    let config = config.replace("\"history\"", &format!("{archive:?}"));
    std::fs::write(home.join("piaohao.toml"), config).unwrap();
    std::fs::write(home.join("made-by-demo"), "").unwrap();
    home
}

fn entry() -> String {
    transfer("", CASH, LI, "1.00").to_string()
}

/// Posts under a key at a node.
fn post(at: &str, signed: &Signed, key: &str) -> Option<Answer> {
    ask(at, "POST", "/api/v1/entries", &signed.head(key), &entry())
}

/// The receipt of an answer that acknowledges.
fn receipt(answer: Option<Answer>) -> Option<(u64, bool)> {
    let answer = answer.filter(|answer| answer.status == 201)?;
    let receipt = answer.json();
    Some((receipt["entry"].as_u64().unwrap(), receipt["again"].as_bool().unwrap()))
}

/// Receipts by key: the entry, when it was acknowledged, and by which node.
type Receipts = Arc<Mutex<BTreeMap<String, (u64, Instant, usize)>>>;

/// Clients that post until they are told to stop, each key at either node until one acknowledges.
struct Clients {
    receipts: Receipts,
    stop: Arc<AtomicUsize>,
    threads: Vec<JoinHandle<()>>,
}

impl Clients {
    fn start(nodes: [String; 2], signed: &Signed) -> Self {
        let (receipts, stop) = (Receipts::default(), Arc::new(AtomicUsize::new(0)));
        let client = |client: usize| {
            let (receipts, stop) = (Arc::clone(&receipts), Arc::clone(&stop));
            let (nodes, signed) = (nodes.clone(), signed.clone());
            std::thread::spawn(move || {
                let (mut node, mut number) = (client % 2, 0);
                while stop.load(Ordering::Relaxed) == 0 {
                    let key = format!("client-{client}-{number}");
                    let began = Instant::now();
                    let entry = loop {
                        if let Some((entry, _)) = receipt(post(&nodes[node], &signed, &key)) {
                            break entry;
                        }
                        assert!(began.elapsed() < LONG, "nobody took {key}");
                        node = 1 - node;
                    };
                    receipts.lock().unwrap().insert(key, (entry, Instant::now(), node));
                    number += 1;
                }
            })
        };
        let threads = (0..CLIENTS).map(client).collect();
        Self { receipts, stop, threads }
    }

    fn count(&self) -> usize {
        self.receipts.lock().unwrap().len()
    }

    /// How long after a moment a node first acknowledged something.
    fn first_after(&self, moment: Instant, node: usize) -> Option<Duration> {
        let receipts = self.receipts.lock().unwrap();
        let after = receipts.values().filter(|(_, at, by)| *by == node && *at > moment);
        after.map(|(_, at, _)| at.duration_since(moment)).min()
    }

    fn stop(self) -> BTreeMap<String, (u64, Instant, usize)> {
        self.stop.store(1, Ordering::Relaxed);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
        self.receipts.lock().unwrap().clone()
    }
}

#[test]
fn a_follower_takes_over_when_the_writer_is_killed() {
    let database = Cluster::shared().database().unwrap();
    let place = Place::open_on(database.url());
    staffed(&place);
    let home = second_home(&place);
    let first = Served::start(&place, &place.home());
    first.becomes("writer");
    let mut second = Served::start(&place, &home);
    second.becomes("follower");
    // Whoever signed in at one node is signed in at both.
    let signed = second.sign_in("zhang");
    let clients = Clients::start([first.at.clone(), second.at.clone()], &signed);
    until(|| clients.count() >= 40);

    let killed = Instant::now();
    first.signal("KILL");
    let mut took = None;
    until(|| {
        took = clients.first_after(killed, 1);
        took.is_some()
    });
    let took = took.unwrap();
    println!("taken over after {} ms", took.as_millis());
    assert!(took < SOON, "{took:?}");
    let before = clients.count();
    until(|| clients.count() >= before + 40);
    let receipts = clients.stop();

    // Every key again: each is known, with its entry and no other.
    for (key, (entry, ..)) in &receipts {
        assert_eq!(receipt(post(&second.at, &signed, key)), Some((*entry, true)), "{key}");
    }
    let mut entries: Vec<u64> = receipts.values().map(|(entry, ..)| *entry).collect();
    entries.sort_unstable();
    entries.dedup();
    assert_eq!(entries.len(), receipts.len(), "no entry answers two keys");
    second.signal("TERM");
    second.wait();
    assert_eq!(place.balance(LI), format!("{}.00", receipts.len()));
    place.run(&["verify"]).ok();
}

#[test]
fn a_writer_that_slept_acknowledges_nothing_after_it_was_overtaken() {
    let database = Cluster::shared().database().unwrap();
    let place = Place::open_on(database.url());
    staffed(&place);
    let home = second_home(&place);
    let first = Served::start(&place, &place.home());
    first.becomes("writer");
    let second = Served::start(&place, &home);
    let signed = first.sign_in("zhang");
    assert!(receipt(post(&first.at, &signed, "early")).is_some());

    first.signal("STOP");
    second.becomes("writer");
    // They reach the old writer while it sleeps, and it has them first when it wakes.
    let late: Vec<_> = (0..20)
        .map(|no| {
            let (at, signed) = (first.at.clone(), signed.clone());
            std::thread::spawn(move || receipt(post(&at, &signed, &format!("late-{no}"))))
        })
        .collect();
    let before = receipt(post(&second.at, &signed, "meanwhile"));
    assert!(before.is_some());
    first.signal("CONT");
    for thread in late {
        assert_eq!(thread.join().unwrap(), None, "the old writer acknowledged");
    }
    first.becomes("follower");
    assert_eq!(second.role(), "writer");
    for no in 0..20 {
        let (_, again) = receipt(post(&second.at, &signed, &format!("late-{no}"))).unwrap();
        assert!(!again, "late-{no} was posted though nobody said so");
    }
    let refused = post(&first.at, &signed, "late-0").unwrap();
    assert_eq!((refused.status, refused.json()["code"].as_str()), (503, Some("NotTheWriter")));
    assert!(refused.head.to_lowercase().contains("retry-after: 1"), "{refused:?}");
}

#[test]
fn a_writer_that_ends_in_good_order_is_followed_at_once() {
    let database = Cluster::shared().database().unwrap();
    let place = Place::open_on(database.url());
    staffed(&place);
    let home = second_home(&place);
    let mut first = Served::start(&place, &place.home());
    first.becomes("writer");
    let second = Served::start(&place, &home);
    second.becomes("follower");
    // A follower shows what the writer took, and a command beside the service is refused.
    let signed = second.sign_in("zhang");
    let entry = receipt(post(&first.at, &signed, "one")).unwrap().0;
    let path = format!("/api/v1/entries/{entry}");
    until(|| second.ask("GET", &path, &signed.head(""), "").is_some_and(|one| one.status == 200));
    let file = place.write("e.ndjson", line(&transfer("2", WANG, LI, "1.00")));
    let beside = place.command_at(&home, &["post", &file]).output().unwrap();
    let says = String::from_utf8(beside.stderr).unwrap();
    assert!(says.contains("AnotherNodeWrites"), "{says}");

    let told = Instant::now();
    first.signal("TERM");
    second.becomes("writer");
    println!("followed after {} ms", told.elapsed().as_millis());
    assert!(told.elapsed() < SOON);
    first.wait();
    assert_eq!(receipt(post(&second.at, &signed, "one")), Some((entry, true)));
}

#[test]
fn a_second_service_of_one_home_waits_for_its_turn() {
    let place = Place::open();
    staffed(&place);
    let first = Served::start(&place, &place.home());
    first.becomes("writer");
    let second = Served::start(&place, &place.home());
    let signed = second.sign_in("zhang");
    assert_eq!(second.role(), "follower");
    let entry = receipt(post(&first.at, &signed, "one")).unwrap();
    assert_eq!(receipt(post(&second.at, &signed, "two")), None);
    first.signal("KILL");
    second.becomes("writer");
    assert_eq!(receipt(post(&second.at, &signed, "one")), Some((entry.0, true)));
    assert!(receipt(post(&second.at, &signed, "two")).is_some());
    assert_eq!(place.balance(LI), "2.00");
}
