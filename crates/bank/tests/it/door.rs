//! What the door does that a page of cases cannot show: bodies of many lines, ids looked up
//! already, and that a refusal leaves nothing behind.

use crate::pages::rulebook_files;
use bank::door::{Answer, Command, Loaded, decide, needs};
use bank::form::{
    AccountForm, EntryForm, HoldRequest, InstitutionForm, LineForm, SideWord, StatusForm,
};
use bank::image;
use bank::office::event::Event;
use bank::rulebook::Rulebook;
use bank::state::State;
use ledger::account::Status;
use ledger::chart::Title;
use ledger::close::{Certificate, Step};
use ledger::entry::{
    AccountId, EntryKind, EntryNo, Header, InstitutionId, ItemId, Line, LineFlags, Mark,
};
use ledger::fact::{Asked, By, Draft, Fact, HoldKind};
use ledger::{Batch, Day, Key, Refusal, journal};
use proptest::prelude::*;
use std::path::Path;

/// A bank with a head office and a branch, on its first open day.
struct Bank {
    state: State,
    draft: Draft,
}

const BRANCH: InstitutionId = InstitutionId(1);

fn place(code: &str, parent: Option<&str>) -> InstitutionForm {
    let title = Title { zh: code.into(), en: code.into() };
    InstitutionForm { code: code.into(), title, parent: parent.map(Into::into) }
}

fn line(account: &str, side: SideWord, amount: &str) -> LineForm {
    let (account, amount) = (account.to_owned(), amount.to_owned());
    LineForm { account, side, amount, unit: None, red: false, clears: None, quantity: None }
}

impl Bank {
    fn new(day: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
        Self::founded(rulebook_files(&root), day)
    }

    fn founded(files: Vec<(String, String)>, day: &str) -> Self {
        let state = State::new(Rulebook::parse(&files).unwrap());
        let mut bank = Self { state, draft: Draft::default() };
        let title = Title { zh: "银行".into(), en: "Bank".into() };
        bank.call(Command::CreateBank { bank: "demo".into(), title, files }).unwrap();
        let places = vec![place("0000", None), place("0101", Some("0000"))];
        bank.call(Command::AddInstitutions(places)).unwrap();
        bank.call(Command::OpenDay { day: Some(day.parse().unwrap()) }).unwrap();
        bank
    }

    fn call(&mut self, command: Command) -> Result<Answer, Refusal> {
        let mut loaded = Loaded::default();
        if let Some(no) = needs(&self.state, &command).entry {
            let at = no.0 as usize - 1;
            loaded.original = (at < self.draft.batch.len()).then(|| self.draft.batch.single(at));
        }
        decide(&mut self.state, &loaded, command, &mut self.draft)
    }

    /// Calls what must be refused, and proves that nothing is different after it.
    fn refused(&mut self, command: Command) -> &'static str {
        let (image, draft) = (image::write(&self.state), self.draft.clone());
        let mut keys: Vec<_> = self.state.book.keys.iter().collect();
        let read = image::read(&image).unwrap();
        assert!(image == image::write(&read), "an image is not read as it was written");
        let refusal = self.call(command).unwrap_err();
        assert!(image == image::write(&self.state), "{refusal} left something behind");
        assert_eq!(draft, self.draft, "{refusal} left something behind");
        let mut left: Vec<_> = self.state.book.keys.iter().collect();
        keys.sort_by_key(|(key, _)| *key);
        left.sort_by_key(|(key, _)| *key);
        assert_eq!(keys, left, "{refusal} left a key behind");
        refusal.code
    }

    fn account(&mut self, number: &str, kind: &str) -> AccountId {
        let form = AccountForm {
            number: number.into(),
            name: number.into(),
            kind: kind.into(),
            institution: "0101".into(),
            unit: None,
            term: None,
        };
        match self.call(Command::OpenAccounts(vec![form])).unwrap() {
            Answer::Accounts(ids) => ids[0],
            other => panic!("{other:?}"),
        }
    }

    fn internal(&mut self, kind: &str) -> AccountId {
        let (kinds, institution, unit) = (vec![kind.into()], "0101".into(), "CNY".into());
        match self.call(Command::OpenInternal { kinds, institution, unit }).unwrap() {
            Answer::Accounts(ids) => ids[0],
            other => panic!("{other:?}"),
        }
    }

    fn header(&self) -> Header {
        Header {
            business_date: self.state.book.today,
            value_date: self.state.book.today,
            institution: BRANCH,
            code: "TRF".into(),
            maker: "ana".into(),
            checker: "ben".into(),
            authoriser: "cao".into(),
            channel: "".into(),
            document: "".into(),
            attachments: 0,
            summary: "".into(),
            kind: EntryKind::Normal,
            original: EntryNo(0),
        }
    }

    fn batch(&self, key: u128, lines: &[Line]) -> Batch {
        let mut batch = Batch::default();
        batch.push(Key(key), self.header(), lines);
        batch
    }

    fn post(&mut self, key: u128, lines: &[Line]) -> Result<Answer, Refusal> {
        let batch = self.batch(key, lines);
        self.call(Command::PostBatch { batch, whole: true })
    }

    fn form(&self, key: &str, lines: Vec<LineForm>) -> EntryForm {
        EntryForm {
            key: key.into(),
            institution: "0101".into(),
            maker: "ana".into(),
            lines,
            ..EntryForm::default()
        }
    }

    fn stop(&mut self) {
        self.call(Command::CloseInstitutions { by: "ana".into() }).unwrap();
    }

    fn close(&mut self) {
        self.stop();
        for step in Step::ALL {
            self.call(Command::RunStep { step, accept: Some("ana".into()) }).unwrap();
        }
        let certificate = Box::new(Certificate::default());
        self.call(Command::CloseDay { certificate, gl: Vec::new() }).unwrap();
    }

    fn next_day(&mut self) -> Day {
        self.close();
        self.call(Command::OpenDay { day: None }).unwrap();
        self.state.book.today
    }
}

#[test]
fn an_entry_with_too_many_lines_is_refused() {
    let mut bank = Bank::new("2026-01-05");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    let pair = [Line::debit(vault, 1), Line::credit(alice, 1)];
    let most = pair.repeat(32_767);
    let batch = bank.batch(1, &pair.repeat(32_768));
    assert_eq!(bank.refused(Command::PostBatch { batch, whole: true }), "TooManyLines");
    bank.post(1, &most).unwrap();
}

#[test]
fn amounts_that_interest_could_not_be_computed_on_are_refused() {
    let mut bank = Bank::new("2026-01-05");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    let most = ledger::post::AMOUNT_MAX;
    let batch = bank.batch(1, &[Line::debit(vault, most + 1), Line::credit(alice, most + 1)]);
    assert_eq!(bank.refused(Command::PostBatch { batch, whole: true }), "AmountTooLarge");
    for key in 1..=10 {
        bank.post(key, &[Line::debit(vault, most), Line::credit(alice, most)]).unwrap();
    }
    let batch = bank.batch(11, &[Line::debit(vault, 1), Line::credit(alice, 1)]);
    assert_eq!(bank.refused(Command::PostBatch { batch, whole: true }), "AmountTooLarge");
    bank.post(12, &[Line::debit(alice, 1), Line::credit(vault, 1)]).unwrap();
    // The largest balance goes through a quarter's close: interest fits.
    while bank.state.book.today < Day::new(2026, 3, 24) {
        bank.next_day();
    }
}

#[test]
fn no_institution_joins_while_the_day_closes() {
    let mut bank = Bank::new("2026-01-05");
    bank.stop();
    let joins = Command::AddInstitutions(vec![place("0102", Some("0000"))]);
    assert_eq!(bank.refused(joins.clone()), "DayClosing");
    bank.call(Command::ReopenInstitution {
        institution: "0000".into(),
        by: "ana".into(),
        reason: "机构开业".into(),
    })
    .unwrap();
    bank.call(joins).unwrap();
}

/// A rulebook in which interest payable is cleared item by item, so that what settles or lowers
/// it is refused: the system's own entries meet a refusal halfway.
fn with_payable_items(day: &str) -> Bank {
    let mut files = Bank::new(day).state.rulebook.files.clone();
    let file = files.iter_mut().find(|(name, _)| name == "gl/internal_interest.toml").unwrap();
    let row = "code = \"interest_payable_personal_current\", subject = \"2231-03\"";
    file.1 = file.1.replace(row, &format!("{row}, open_item = true, opens = \"credit\""));
    Bank::founded(files, day)
}

#[test]
fn a_step_that_is_refused_halfway_leaves_nothing() {
    let mut bank = with_payable_items("2026-01-05");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    let capital = bank.internal("capital");
    let (all, half) = (14_400_000, 7_200_000);
    let lines = [Line::debit(vault, all), Line::credit(alice, half), Line::credit(capital, half)];
    bank.post(1, &lines).unwrap();
    bank.next_day();
    // Head office earns for the first time: its entry comes before the one that is refused.
    let loan = bank.account("loan", "short_loan");
    bank.post(2, &[Line::debit(loan, 7_200_000), Line::credit(vault, 7_200_000)]).unwrap();
    let mut back = bank.batch(3, &[Line::debit(alice, 7_200_000), Line::credit(vault, 7_200_000)]);
    back.headers[0].value_date = Day::new(2026, 1, 5);
    bank.call(Command::PostBatch { batch: back, whole: true }).unwrap();
    bank.stop();
    bank.call(Command::RunStep { step: Step::Stop, accept: None }).unwrap();
    let step = Command::RunStep { step: Step::Accrue, accept: None };
    assert_eq!(bank.refused(step), "ItemRequired");
}

#[test]
fn a_day_whose_settlement_is_refused_is_not_opened() {
    let mut bank = with_payable_items("2026-03-19");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    bank.post(1, &[Line::debit(vault, 7_200_000), Line::credit(alice, 7_200_000)]).unwrap();
    bank.next_day();
    bank.close();
    assert_eq!(bank.refused(Command::OpenDay { day: None }), "ItemRequired");
}

#[test]
fn the_same_words_sent_again_on_another_day_are_the_same() {
    let mut bank = Bank::new("2026-01-05");
    bank.internal("cash_vault");
    bank.account("alice", "personal_current");
    let lines = || {
        vec![
            line("0101.CNY.1001-01.01", SideWord::Debit, "5.00"),
            line("alice", SideWord::Credit, "5.00"),
        ]
    };
    let plain = bank.form("K1", lines());
    let first = bank.state.book.today;
    let dated = EntryForm { value_date: Some(first), ..bank.form("K2", lines()) };
    let early = EntryForm { value_date: Some(Day::new(2026, 1, 4)), ..bank.form("K3", lines()) };
    let entries = vec![plain.clone(), dated, early];
    let post = Command::Post { entries: entries.clone(), whole: true };
    bank.call(post.clone()).unwrap();
    bank.next_day();
    let Answer::Entries(again) = bank.call(post).unwrap() else { panic!("entries are answered") };
    assert_eq!(again.again, [0, 1, 2]);
    // The same after replay, which hashes what was stored.
    let mut replayed = bank.state.clone();
    replayed.book.keys = ledger::keys::Keys::default();
    replayed.book.recall_keys(&bank.draft.batch, EntryNo(1));
    let known = |state: &State| {
        let mut keys: Vec<_> = state.book.keys.iter().collect();
        keys.sort_by_key(|(key, _)| *key);
        keys
    };
    assert_eq!(known(&bank.state), known(&replayed));
    let value_date = Some(Day::new(2026, 1, 4));
    let entries = vec![EntryForm { value_date, ..plain }];
    assert_eq!(bank.refused(Command::Post { entries, whole: true }), "KeyReused");
}

#[test]
fn a_client_cannot_speak_as_the_ledger() {
    let mut bank = Bank::new("2026-01-05");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    let lines = [Line::debit(vault, 5), Line::credit(alice, 5)];
    for (kind, original) in [(EntryKind::Settlement, 0), (EntryKind::Normal, 1)] {
        let mut batch = bank.batch(1, &lines);
        batch.headers[0].kind = kind;
        batch.headers[0].original = EntryNo(original);
        assert_eq!(bank.refused(Command::PostBatch { batch, whole: false }), "KindNotAllowed");
    }
    let flagged = lines.map(|line| Line { flags: line.flags.with(LineFlags::COMPLETION), ..line });
    bank.post(1, &flagged).unwrap();
    assert!(bank.draft.batch.lines.iter().all(|line| !line.flags.is_completion()));
}

#[test]
fn a_settled_hold_answers_its_receipt_again() {
    let mut bank = Bank::new("2026-01-05");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    bank.post(1, &[Line::debit(vault, 10_000), Line::credit(alice, 10_000)]).unwrap();
    let hold = HoldRequest {
        account: "alice".into(),
        amount: "40.00".into(),
        kind: HoldKind::Reserve,
        authority: "shop".into(),
        document: String::new(),
        until: None,
        operator: "ana".into(),
        key: String::new(),
    };
    let Answer::Hold(hold) = bank.call(Command::PlaceHold(hold)).unwrap() else {
        panic!("a hold answers its number")
    };
    let lines = |amount: &str| {
        vec![
            line("alice", SideWord::Debit, amount),
            line("0101.CNY.1001-01.01", SideWord::Credit, amount),
        ]
    };
    let settle = |entry, amount: &str| Command::SettleHold { hold, amount: amount.into(), entry };
    let entry = bank.form("S", lines("40.00"));
    let first = bank.call(settle(entry.clone(), "40.00")).unwrap();
    let again = bank.call(settle(entry, "40.00")).unwrap();
    let (Answer::Entry(first), Answer::Entry(again)) = (first, again) else {
        panic!("settling answers an entry")
    };
    assert_eq!((again.no, again.again), (first.no, true));
    let id = bank.state.book.accounts.by_number("alice").unwrap();
    assert_eq!(bank.state.book.spent[&hold].0, id, "a client can say the same words again");
    let entry = bank.form("S", lines("30.00"));
    assert_eq!(bank.refused(settle(entry, "30.00")), "KeyReused");
}

#[test]
fn an_account_with_interest_due_is_not_closed_by_its_status() {
    let mut bank = Bank::new("2026-01-05");
    let (vault, alice) = (bank.internal("cash_vault"), bank.account("alice", "personal_current"));
    bank.post(1, &[Line::debit(vault, 7_200_000), Line::credit(alice, 7_200_000)]).unwrap();
    bank.next_day();
    bank.post(2, &[Line::debit(alice, 7_200_000), Line::credit(vault, 7_200_000)]).unwrap();
    let closes = Command::SetStatus(StatusForm {
        account: "alice".into(),
        status: Status::Closed,
        reason: "销户".into(),
        document: String::new(),
        operator: "ana".into(),
    });
    assert_eq!(bank.refused(closes), "InterestDue");
}

#[test]
fn an_internal_account_of_a_new_unit_brings_what_completes_entries_in_it() {
    let mut bank = Bank::new("2026-01-05");
    for institution in ["0000", "0101"] {
        let (kinds, unit) = (vec!["cash_vault".to_owned()], "USD".to_owned());
        bank.call(Command::OpenInternal { kinds, institution: institution.into(), unit }).unwrap();
    }
    let number = "0101.USD.3001-10.01";
    assert!(bank.state.book.accounts.by_number(number).is_some(), "{number} is missing");
    let unit = bank.state.book.chart.unit_by_code("USD").unwrap();
    assert!(bank.state.book.mirror(BRANCH, unit).is_some(), "head office has no counterpart");
}

#[test]
fn facts_of_journals_before_operators_were_noted_are_read() {
    let text = r#"{"fact":"hold_reduced","hold":1,"by":5,"why":"released","reason":"x"}"#;
    let fact: Fact = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&fact).unwrap(), text);
    let asked = Some(Asked::of(Key(5), &["release", "1"]));
    let Fact::HoldReduced { hold, by, why, reason, .. } = fact else { panic!("{fact:?}") };
    let who = By { operator: "ana".into(), asked };
    let fact = Fact::HoldReduced { hold, by, why, reason, who };
    let text = serde_json::to_string(&fact).unwrap();
    assert_eq!(serde_json::from_str::<Fact>(&text).unwrap(), fact, "{text}");
}

#[test]
fn what_the_office_says_is_carried_as_it_was_written() {
    let carried = r#"{"office":"custody","moves":[ ],"later":{"z":1,"a":2.50}}"#;
    let text = format!(r#"{{"fact":"office","event":{carried}}}"#);
    let fact = Fact::read(&text).unwrap();
    let Fact::Office { event } = &fact else { panic!("{fact:?}") };
    assert_eq!(event.text(), carried);
    assert_eq!(serde_json::to_string(&fact).unwrap(), text);
    // Of another hand: blanks, the event first. It says the same, in other letters.
    let other = r#"{ "event": {"office": "custody", "moves": []}, "fact": "office" }"#;
    let Fact::Office { event } = Fact::read(other).unwrap() else { panic!("{other}") };
    assert_eq!(Event::read(&event).unwrap(), Event::Custody { moves: Vec::new() });
    assert!(Fact::read(r#"{"fact":"office","event":}"#).is_err());
    assert!(Fact::read(r#"{"fact":"office"}"#).is_err());
}

#[test]
fn an_event_that_cannot_be_read_changes_nothing() {
    let mut state = Bank::new("2026-01-05").state;
    let before = image::write(&state);
    let text = r#"{"fact":"office","event":{"office":"of_a_later_version","id":7}}"#;
    state.apply(&Fact::read(text).unwrap()).unwrap_err();
    assert_eq!(image::write(&state), before);
}

#[derive(Clone, Debug)]
struct Words {
    texts: [String; 6],
    kind: EntryKind,
    original: u64,
    value: Day,
    number: String,
}

fn words() -> impl Strategy<Value = Words> {
    let texts = proptest::array::uniform6("([a-z借 \"/#=\\\\\\-\n\t]|of|red){0,6}");
    let kind = (0..EntryKind::ALL.len()).prop_map(|at| EntryKind::ALL[at]);
    let value = (18_000_i32..20_000).prop_map(Day);
    let number = "[a-z0-9 \"/#=\\\\\\-]{1,8}";
    (texts, kind, 0_u64..3, value, number).prop_map(|(texts, kind, original, value, number)| {
        Words { texts, kind, original, value, number }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn what_the_journal_prints_it_reads(words in words(), red in any::<bool>()) {
        let mut bank = Bank::new("2026-01-05");
        let vault = bank.internal("cash_vault");
        let number = format!("8{}", words.number);
        let alice = bank.account(&number, "personal_current");
        let voucher = bank.internal("blank_voucher");
        let [code, maker, checker, authoriser, document, summary] = words.texts;
        let header = Header {
            value_date: words.value,
            code: code.into(),
            maker: maker.into(),
            checker: checker.into(),
            authoriser: authoriser.into(),
            channel: "journal".into(),
            document: document.into(),
            summary: summary.into(),
            kind: words.kind,
            original: EntryNo(words.original),
            ..bank.header()
        };
        let red = if red { LineFlags::RED } else { 0 };
        let lines = [Line::debit(vault, 105), Line::credit(alice, 105), Line::debit(voucher, 100)];
        let lines = lines.map(|line| Line { flags: line.flags.with(red), ..line });
        let mut batch = Batch::default();
        batch.push(Key(7), header, &lines);
        let clears = Some(ItemId { entry: EntryNo(3), line: 1 });
        batch.marks = vec![
            Mark { line: 1, clears, quantity: None },
            Mark { line: 2, clears: None, quantity: Some(25) },
        ];
        let text = journal::print(&bank.state.book, EntryNo(9), &batch, 0);
        let read = journal::parse(&bank.state.book, &text, |_| Key(7)).unwrap();
        prop_assert_eq!(read, batch, "{}", text);
    }
}
