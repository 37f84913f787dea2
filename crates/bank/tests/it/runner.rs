//! The words of a case: a small bank with a head office and two branches, driven line by line.

use crate::desk::{Desk, InProcess};
use crate::office_words;
use bank::door::{Answer, Command};
use bank::form::{
    AccountForm, CorrectForm, EntryForm, HoldRequest, InstitutionForm, LineForm, OperatorForm,
    RenewForm, SideWord, StatusForm, TermForm, WithdrawForm, key_of,
};
use bank::rulebook::Rulebook;
use bank::state::State;
use ledger::book::Phase;
use ledger::chart::Title;
use ledger::close::Step;
use ledger::entry::{AccountId, EntryNo};
use ledger::fact::HoldKind;
use ledger::{Batch, Day, Refusal, journal, money};
use std::collections::BTreeMap;
use std::fmt::Write;

pub struct Runner {
    pub desk: Box<dyn Desk>,
    certificates: u32,
    /// Microseconds UTC of the next request.
    pub now: i64,
    /// Lines that `ready` plays, and those of `ready NAME`.
    ready: BTreeMap<String, String>,
    /// The beginning that this desk has behind it, and when it ended.
    begun: Option<(String, i64)>,
}

type Words<'a> = (Vec<&'a str>, BTreeMap<&'a str, &'a str>);

/// The people and the beginning of `rulebook/cast.md`.
#[derive(Default)]
pub struct Cast {
    pub operators: Vec<OperatorForm>,
    /// Beginnings by name; the one without a name is shared by most.
    pub ready: BTreeMap<String, String>,
}

impl Cast {
    pub fn read(page: &str) -> Self {
        let rows = page.lines().filter_map(|line| line.strip_prefix("| "));
        let rows = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
        let rows = rows.filter(|row| row.len() >= 4 && row[0] != "operator" && row[0] != "---");
        let operators = rows.map(|row| OperatorForm {
            operator: row[0].into(),
            name: row[1].into(),
            institution: row[2].into(),
            posts: row[3].split(", ").map(Into::into).collect(),
        });
        let ready = page.split("\n```ready").skip(1).map(|block| {
            let (name, lines) = block.split_once('\n').unwrap_or((block, ""));
            let lines = lines.split_once("```").map_or("", |(lines, _)| lines);
            (name.trim().to_owned(), lines.to_owned())
        });
        Self { operators: operators.collect(), ready: ready.collect() }
    }
}

/// Founds the bank of the cases at a desk.
pub fn found(desk: &mut dyn Desk, files: &[(String, String)], cast: &Cast) {
    let title = Title { zh: "示范农商银行".into(), en: "Demo Rural Bank".into() };
    let (bank, files) = ("demo".into(), files.to_vec());
    desk.decide(Command::CreateBank { bank, title, files }).unwrap();
    let place = |code: &str, zh: &str, parent: Option<&str>| InstitutionForm {
        code: code.into(),
        title: Title { zh: zh.into(), en: zh.into() },
        parent: parent.map(Into::into),
    };
    let places = vec![
        place("0000", "总行", None),
        place("0101", "城关支行", Some("0000")),
        place("0102", "河西支行", Some("0000")),
    ];
    desk.decide(Command::AddInstitutions(places)).unwrap();
    if !cast.operators.is_empty() {
        desk.decide(Command::Enrol(cast.operators.clone())).unwrap();
    }
}

impl Runner {
    pub fn at(desk: Box<dyn Desk>, cast: &Cast) -> Self {
        Self { desk, certificates: 0, now: 0, ready: cast.ready.clone(), begun: None }
    }

    /// A bank of its own, with nobody in it but its books.
    pub fn new(files: &[(String, String)]) -> Self {
        let mut bank = InProcess::new(Rulebook::parse(files).unwrap());
        let cast = Cast { operators: Vec::new(), ready: BTreeMap::new() };
        found(&mut bank, files, &cast);
        Self::at(Box::new(bank), &cast)
    }

    pub fn state(&self) -> &State {
        self.desk.state()
    }

    /// Runs one command and answers what the bank said, a line or more.
    pub fn run(&mut self, command: &str) -> String {
        let (first, rest) = command.split_once('\n').unwrap_or((command, ""));
        if let ("ready", name) = first.trim().split_once(' ').unwrap_or((first.trim(), "")) {
            return self.play_ready(name);
        }
        if let Some(said) = office_words::report(self, first.trim()) {
            return said;
        }
        if let Some(said) = office_words::look(self, first.trim()) {
            return said;
        }
        let (words, named) = split(first);
        let before = self.desk.entries().len();
        let said = match words.first().copied() {
            Some("post") => self.post(first, rest),
            Some("close") => self.close(),
            Some("pass") => return self.pass(words[1].parse().unwrap()),
            Some("balance") => return self.balance(words[1]),
            Some("items") => return self.items(words[1]),
            Some("correct") => self.correct(&words, &named, rest),
            Some("settle") => self.settle(&words, rest),
            Some("as" | "clock") => office_words::run(self, first.trim(), rest),
            _ => self.simple(&words, &named),
        };
        let mut text = match said {
            Ok(text) => text,
            Err(refusal) => {
                let at = &refusal.field;
                return format!("refused {} [{at}] {}\n", refusal.code, refusal.zh);
            }
        };
        for no in before..self.desk.entries().len() {
            let no = EntryNo(no as u64 + 1);
            let batch = &self.desk.entries()[no.0 as usize - 1];
            text.push_str(&journal::print(&self.state().book, no, batch, 0));
        }
        text
    }

    /// At a desk where a beginning was played already.
    pub fn after(desk: Box<dyn Desk>, cast: &Cast, name: &str, now: i64) -> Self {
        Self { begun: Some((name.to_owned(), now)), ..Self::at(desk, cast) }
    }

    /// A beginning that pages of the office share; nothing of it may be refused.
    fn play_ready(&mut self, name: &str) -> String {
        if let Some((_, now)) = self.begun.take_if(|(begun, _)| begun == name) {
            self.now = now;
            return "ready\n".into();
        }
        let ready = self.ready.get(name).unwrap_or_else(|| panic!("there is no `ready {name}`"));
        let ready = ready.replace("\n>   ", "\u{1}  ");
        for line in ready.lines().filter_map(|line| line.strip_prefix("> ")) {
            let said = self.run(&line.replace('\u{1}', "\n"));
            assert!(!said.starts_with("refused"), "{line}\n{said}");
        }
        "ready\n".into()
    }

    pub fn activate(&mut self, files: &[(String, String)]) -> Result<(), Refusal> {
        self.decide(Command::ActivateRulebook { files: files.to_vec() }).map(drop)
    }

    pub fn decide(&mut self, command: Command) -> Result<Answer, Refusal> {
        self.desk.decide(command)
    }

    fn simple(&mut self, words: &[&str], named: &BTreeMap<&str, &str>) -> Result<String, Refusal> {
        let word = |at: usize| words.get(at).copied().unwrap_or_default().to_owned();
        let name = |key: &str| named.get(key).copied().unwrap_or_default().to_owned();
        let until = named.get("until").map(|day| day.parse().unwrap());
        let command = match words[0] {
            "open" => Command::OpenDay { day: words.get(1).map(|day| day.parse().unwrap()) },
            "account" => Command::OpenAccounts(vec![AccountForm {
                number: word(1),
                name: word(1),
                kind: word(2),
                institution: word(3),
                unit: words.get(4).map(ToString::to_string),
                term: named.get("maturity").map(|maturity| TermForm {
                    from: named.get("from").map(|from| from.parse().unwrap()),
                    maturity: maturity.parse().unwrap(),
                    rate: name("rate").parse().unwrap(),
                }),
            }]),
            "internal" => Command::OpenInternal {
                kinds: vec![word(1)],
                institution: word(2),
                unit: words.get(3).copied().unwrap_or("CNY").into(),
            },
            "status" => Command::SetStatus(StatusForm {
                account: word(1),
                status: serde_json::from_str(&format!("\"{}\"", words[2])).unwrap(),
                reason: "case".into(),
                document: String::new(),
                operator: "ana".into(),
            }),
            "hold" | "freeze" => Command::PlaceHold(HoldRequest {
                account: word(1),
                amount: word(2),
                kind: if words[0] == "hold" { HoldKind::Reserve } else { HoldKind::Freeze },
                authority: word(3),
                document: name("document"),
                until,
                operator: "ana".into(),
                key: name("key"),
            }),
            "release" => Command::ReleaseHold {
                hold: word(1).parse().unwrap(),
                amount: words.get(2).map(ToString::to_string),
                reason: "case".into(),
                operator: "ana".into(),
                key: name("key"),
            },
            "close-account" | "withdraw" | "renew" => settlement(words, named),
            "stop" => Command::CloseInstitution { institution: word(1), by: "ana".into() },
            other => panic!("a case does not know the word `{other}`"),
        };
        let answer = self.decide(command)?;
        Ok(self.say(&answer))
    }

    fn say(&self, answer: &Answer) -> String {
        match answer {
            Answer::Done => "done\n".into(),
            Answer::Hold(id) => format!("hold {id}\n"),
            Answer::Note(note) => format!("{note}\n"),
            Answer::Day(day) => format!("{day}\n"),
            Answer::Accounts(ids) => {
                let number = |id: &AccountId| self.state().book.accounts.number(*id).to_owned();
                format!("{}\n", ids.iter().map(number).collect::<Vec<_>>().join(" "))
            }
            Answer::Correction(filed) => match filed.shortfall {
                0 => format!("#{} undone by #{}\n", filed.original.0, filed.undo.0),
                short => format!(
                    "#{} undone by #{}, short {}\n",
                    filed.original.0,
                    filed.undo.0,
                    money::plain(i128::from(short), 2)
                ),
            },
            Answer::Matter(said) => format!("{}\n", said.matter),
            Answer::Preview(_) => unreachable!("a page of cases does what it says"),
            Answer::Escalated(count) => format!("escalated {count}\n"),
            Answer::Entry(posted) => said_posted(posted.no, posted.again),
            Answer::Entries(receipts) => match receipts.refused.first() {
                Some((_, refusal)) => format!("refused {} {}\n", refusal.code, refusal.zh),
                None => said_posted(receipts.numbers[0], !receipts.again.is_empty()),
            },
        }
    }

    fn entry(&self, header: &str, lines: &str) -> Result<Batch, Refusal> {
        journal::parse(&self.state().book, &format!("{header}\n{lines}"), key_of)
    }

    fn post(&mut self, first: &str, lines: &str) -> Result<String, Refusal> {
        let header = first.trim().strip_prefix("post").unwrap();
        let batch = self.entry(header, lines)?;
        let answer = self.decide(Command::PostBatch { batch, whole: true });
        let answer = answer.map_err(|refusal| {
            let field = refusal.field.replace("entries[0].", "");
            refusal.at(field)
        })?;
        Ok(self.say(&answer))
    }

    fn settle(&mut self, words: &[&str], lines: &str) -> Result<String, Refusal> {
        let batch = self.entry("0101 SETTLE ana/ben", lines)?;
        let book = &self.state().book;
        let lines = batch.lines(0).iter().map(|line| LineForm {
            account: book.accounts.number(line.account).into(),
            side: if line.flags.is_credit() { SideWord::Credit } else { SideWord::Debit },
            amount: money::plain(i128::from(line.amount), 2),
            unit: None,
            red: false,
            clears: None,
            quantity: None,
        });
        let entry = EntryForm {
            key: format!("settle {}", batch.entries[0].key.0),
            institution: "0101".into(),
            code: "SETTLE".into(),
            maker: "ana".into(),
            checker: "ben".into(),
            lines: lines.collect(),
            ..EntryForm::default()
        };
        let (hold, amount) = (words[1].parse().unwrap(), words[2].to_owned());
        let answer = self.decide(Command::SettleHold { hold, amount, entry })?;
        Ok(self.say(&answer))
    }

    fn correct(
        &mut self,
        words: &[&str],
        named: &BTreeMap<&str, &str>,
        _lines: &str,
    ) -> Result<String, Refusal> {
        let hand = |key: &str, other: &str| named.get(key).copied().unwrap_or(other).to_owned();
        let form = CorrectForm {
            key: format!("correct {}", words[1]),
            entry: words[1].parse().unwrap(),
            class: "operator".into(),
            cause: hand("cause", "记错账户"),
            evidence: "E-1".into(),
            applicant: hand("applicant", "ana"),
            verifier: hand("verifier", "ben"),
            approver: hand("approver", "cao"),
            poster: hand("poster", "dan"),
            notice: String::new(),
            rebook: None,
        };
        let answer = self.decide(Command::Correct(form))?;
        Ok(self.say(&answer))
    }

    /// Stops everyone, runs every step and rolls the date on a certificate of state checks.
    fn close(&mut self) -> Result<String, Refusal> {
        self.decide(Command::CloseInstitutions { by: "ana".into() })?;
        let mut text = String::new();
        for step in Step::ALL {
            let answer = self.decide(Command::RunStep { step, accept: None })?;
            let _ = write!(text, "{} {}", step.code(), self.say(&answer));
        }
        self.certificates += 1;
        let answer = self.desk.close_day()?;
        let _ = write!(text, "closed, next {}", self.say(&answer));
        Ok(text)
    }

    /// Lets business days go by, each opened and closed, and opens the day given; what the system
    /// posts on the days between is not shown.
    fn pass(&mut self, day: Day) -> String {
        if self.state().book.phase != Phase::Closed {
            self.close().unwrap();
        }
        loop {
            let book = &self.state().book;
            if book.chart.calendar.next_business_day(book.today) == day {
                return self.run(&format!("open {day}"));
            }
            self.decide(Command::OpenDay { day: None }).unwrap();
            self.close().unwrap();
        }
    }

    fn balance(&self, number: &str) -> String {
        let book = &self.state().book;
        let id = book.accounts.by_number(number).unwrap();
        let head = book.accounts.heads[id.index()];
        let digits = book.chart.unit(head.unit).digits;
        let amount = |minor: i64| money::plain(i128::from(minor), digits);
        let mut text = amount(book.natural_balance(id));
        if book.available(id) != book.natural_balance(id) {
            let _ = write!(text, " available {}", amount(book.available(id)));
        }
        if head.product != 0 {
            let _ = write!(text, " product {}", amount(head.product));
        }
        if head.overdrawn_product != 0 {
            let _ = write!(text, " overdrawn {}", amount(head.overdrawn_product));
        }
        text + "\n"
    }

    fn items(&self, number: &str) -> String {
        let book = &self.state().book;
        let id = book.accounts.by_number(number).unwrap();
        let items = book.items.iter().filter(|((account, _), _)| *account == id);
        let lines = items.map(|((_, item), open)| {
            let left = money::plain(i128::from(open.remaining), 2);
            let of = money::plain(i128::from(open.amount), 2);
            format!("{}-{} {left} of {of} since {}\n", item.entry.0, item.line, open.opened)
        });
        let text: String = lines.collect();
        if text.is_empty() { "none\n".into() } else { text }
    }
}

fn said_posted(no: EntryNo, again: bool) -> String {
    if again { format!("posted {} before\n", no.0) } else { format!("posted {}\n", no.0) }
}

fn split(line: &str) -> Words<'_> {
    let (named, words): (Vec<&str>, Vec<&str>) =
        line.split_whitespace().partition(|word| word.contains('='));
    (words, named.into_iter().filter_map(|word| word.split_once('=')).collect())
}

/// What ends a deposit, in part or whole, or begins it anew.
fn settlement(words: &[&str], named: &BTreeMap<&str, &str>) -> Command {
    let word = |at: usize| words.get(at).copied().unwrap_or_default().to_owned();
    let name = |key: &str| named.get(key).copied().unwrap_or_default().to_owned();
    match words[0] {
        "close-account" => Command::CloseAccount {
            account: word(1),
            to: word(2),
            maker: "ana".into(),
            checker: "ben".into(),
            key: format!("close {}", words[1]),
        },
        "withdraw" => Command::WithdrawTerm(WithdrawForm {
            account: word(1),
            to: word(2),
            amount: word(3),
            maker: "ana".into(),
            checker: "ben".into(),
            key: name("key"),
        }),
        _ => Command::RenewTerm(RenewForm {
            account: word(1),
            maturity: name("maturity").parse().unwrap(),
            rate: name("rate").parse().unwrap(),
            maker: "ana".into(),
            checker: "ben".into(),
            key: name("key"),
        }),
    }
}
