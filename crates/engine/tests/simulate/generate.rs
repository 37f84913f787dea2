//! Random commands: mostly such as a bank gets, some of them wrong in one of many ways.

use super::check::item_text;
use super::model::Model;
use super::random::Random;
use bank::Command;
use bank::form::{
    AccountForm, CorrectForm, EntryForm, HoldRequest, InstitutionForm, LineForm, RenewForm,
    SideWord, StatusForm, TermForm, WithdrawForm, key_of,
};
use ledger::Batch;
use ledger::Key;
use ledger::account::Status;
use ledger::book::Phase;
use ledger::chart::{Side, Title};
use ledger::close::Step;
use ledger::entry::{EntryKind, Header, InstitutionId, Line, LineFlags, Mark};
use ledger::fact::HoldKind;
use rust_decimal::Decimal;

/// Who works at the bank.
const PEOPLE: [&str; 5] = ["ana", "ben", "chen", "dai", "eva"];

/// Kinds of customer accounts that a simulated bank opens, if its rulebook has them.
const CUSTOMERS: [&str; 8] = [
    "personal_current",
    "personal_current_overdraft",
    "corporate_current",
    "temporary_deposit",
    "short_loan",
    "margin_deposit",
    "personal_time",
    "corporate_time",
];

/// Kinds of the bank's own accounts that people post to.
pub const INTERNAL: [&str; 14] = [
    "cash_vault",
    "cash_teller",
    "hvps_outward",
    "exchange",
    "inward_inquiry",
    "cash_shortage",
    "fee_payment",
    "expense_sundry",
    "blank_voucher",
    "safe_custody",
    "interest_payable_personal_current",
    "error_inquiry",
    "due",
    "interbranch",
];

/// Makes commands; remembers some, to hand them in again.
pub struct Generator {
    pub random: Random,
    next_key: u64,
    next_account: u64,
    past: Vec<Command>,
}

impl Generator {
    pub fn new(random: Random) -> Self {
        Self { random, next_key: 0, next_account: 0, past: Vec::new() }
    }

    /// Any command but those of the bank's day.
    pub fn command(&mut self, model: &Model) -> Command {
        let command = match self.random.below(100) {
            0..=54 => self.posting(model),
            55..=59 => self.again(model),
            60..=67 => self.placing(model),
            68..=71 => self.releasing(model),
            72..=75 => self.settling(model),
            76..=83 => Command::Correct(self.correction(model)),
            84..=86 => Command::SetStatus(self.status(model)),
            87..=88 => self.closing(model),
            89..=90 => self.term(model),
            91..=96 => Command::OpenAccounts(self.accounts(model)),
            97 => self.internal(model),
            98 => self.institutions(model),
            _ => self.stopping(model),
        };
        if matches!(
            command,
            Command::Post { .. }
                | Command::PostBatch { .. }
                | Command::Correct(_)
                | Command::PlaceHold(_)
                | Command::ReleaseHold { .. }
                | Command::SettleHold { .. }
                | Command::CloseAccount { .. }
        ) {
            self.past.push(command.clone());
        }
        command
    }

    pub fn posting(&mut self, model: &Model) -> Command {
        let whole = self.random.percent(40);
        let count = if self.random.percent(75) { 1 } else { 2 + self.random.below(4) };
        let entries: Vec<EntryForm> = (0..count).map(|_| self.entry(model)).collect();
        if self.random.percent(35) {
            let batch = self.batch(model, &entries);
            return Command::PostBatch { batch, whole };
        }
        Command::Post { entries, whole }
    }

    /// What was handed in before, as it was or with another word in it.
    fn again(&mut self, model: &Model) -> Command {
        if self.past.is_empty() {
            return self.posting(model);
        }
        let recent = self.past.len().min(12);
        let at = self.past.len() - 1 - self.random.below(recent);
        let mut command = self.past[at].clone();
        if self.random.percent(60) {
            return command;
        }
        match &mut command {
            Command::Post { entries, .. } => {
                let entry = &mut entries[0];
                match self.random.below(4) {
                    0 => entry.summary.push('!'),
                    1 => entry.lines.iter_mut().for_each(|line| line.amount.push('0')),
                    2 => entry.attachments += 1,
                    _ => entry.lines.reverse(),
                }
            }
            Command::PostBatch { batch, .. } if !batch.lines.is_empty() => {
                match self.random.below(3) {
                    0 => batch.headers[0].summary = "another".into(),
                    1 => batch.lines[0].amount += 1,
                    _ => batch.lines[0].flags.0 ^= LineFlags::RED,
                }
            }
            Command::WithdrawTerm(WithdrawForm { amount, .. }) => amount.insert(0, '1'),
            Command::RenewTerm(RenewForm { maturity, .. }) => *maturity = maturity.plus(1),
            _ => {}
        }
        command
    }

    fn key(&mut self) -> String {
        self.next_key += 1;
        match self.random.below(60) {
            0 => String::new(),
            1 => format!("key {}", self.next_key / 2 + 1),
            _ => format!("key {}", self.next_key),
        }
    }

    fn person(&mut self) -> String {
        (*self.random.pick(&PEOPLE)).to_owned()
    }

    /// Minor units; mostly small, some at the edges.
    fn minor(&mut self) -> i64 {
        match self.random.below(40) {
            0 => 0,
            1 => 1,
            2..=10 => self.random.between(1, 99),
            11..=30 => self.random.between(1, 50_000),
            _ => self.random.between(1, 3_000_000),
        }
    }

    fn amount(&mut self, minor: i64, digits: u8) -> String {
        if self.random.percent(1) {
            return (*self.random.pick(&["", "-1", "1.001", "1e3", "99999999999999999999"])).into();
        }
        ledger::money::plain(minor.into(), digits)
    }

    /// An account that the given rule likes, or any if there is none.
    fn account(&mut self, model: &Model, like: impl Fn(usize) -> bool) -> usize {
        let liked: Vec<usize> = (0..model.accounts.len()).filter(|at| like(*at)).collect();
        if liked.is_empty() {
            self.random.below(model.accounts.len())
        } else {
            *self.random.pick(&liked)
        }
    }

    fn of_kind(&mut self, model: &Model, code: &str, unit: u16) -> usize {
        self.account(model, |at| &*model.kind(at).code == code && model.accounts[at].unit.0 == unit)
    }

    fn customer(&mut self, model: &Model, unit: u16) -> usize {
        self.account(model, |at| !model.kind(at).internal && model.accounts[at].unit.0 == unit)
    }

    fn line(&mut self, model: &Model, account: usize, side: SideWord, minor: i64) -> LineForm {
        let unit = model.chart.unit(model.accounts[account].unit);
        LineForm {
            account: model.accounts[account].number.clone(),
            side,
            amount: self.amount(minor, unit.digits),
            unit: self.random.percent(10).then(|| unit.code.to_string()),
            red: false,
            clears: None,
            quantity: None,
        }
    }

    fn entry(&mut self, model: &Model) -> EntryForm {
        let lines = self.lines(model);
        let institution = self.random.below(model.places.len());
        let mut entry = EntryForm {
            key: self.key(),
            institution: model.places[institution].code.clone(),
            code: "TRF".into(),
            maker: self.person(),
            summary: "转账".into(),
            lines,
            ..EntryForm::default()
        };
        if self.random.percent(45) {
            entry.checker = self.person();
        }
        if self.random.percent(45) {
            entry.authoriser = self.person();
        }
        if self.random.percent(15) {
            let days = self.random.between(0, 40);
            entry.value_date = Some(model.today.plus(-(days as i32)));
        }
        if self.random.percent(12) {
            self.spoil(model, &mut entry);
        }
        entry
    }

    fn lines(&mut self, model: &Model) -> Vec<LineForm> {
        use SideWord::{Credit, Debit};
        let minor = self.minor();
        let dollar = model.chart.unit_by_code("USD").map_or(0, |unit| unit.0);
        let unit = if self.random.percent(8) { dollar } else { model.chart.base_unit.0 };
        let (one, two) = (self.customer(model, unit), self.customer(model, unit));
        let vault = self.account(model, |at| {
            let same = model.accounts[at].institution == model.accounts[one].institution;
            same && &*model.kind(at).code == "cash_vault" && model.accounts[at].unit.0 == unit
        });
        let mut lines = match self.random.below(100) {
            0..=31 => vec![(vault, Debit, minor), (one, Credit, minor)],
            32..=37 => vec![(one, Debit, minor), (vault, Credit, minor)],
            38..=54 => vec![(one, Debit, minor), (two, Credit, minor)],
            55..=59 => {
                let fee = self.of_kind(model, "fee_payment", unit);
                vec![(one, Debit, minor), (fee, Credit, minor)]
            }
            60..=63 => {
                let cost = self.of_kind(model, "expense_sundry", unit);
                vec![(cost, Debit, minor), (two, Credit, minor)]
            }
            64..=73 => return self.suspense(model, minor),
            74..=79 => self.exchange(model, minor),
            80..=84 => {
                let thing = self.account(model, |at| model.nature(at).off_balance);
                let side = if self.random.percent(60) { Debit } else { Credit };
                let mut lines = vec![(thing, side, minor)];
                if self.random.percent(30) {
                    lines.extend([(vault, Debit, minor), (one, Credit, minor)]);
                }
                lines
            }
            85..=94 => self.many(model, unit),
            95 => {
                let most = super::posting::LARGEST_LINE;
                let huge = *self.random.pick(&[i64::MAX, most + 1, most, most, most - 1]);
                let still = self.customer(model, unit);
                vec![(vault, Debit, huge), (still, Credit, huge)]
            }
            _ => {
                let any = self.random.below(model.accounts.len());
                vec![(any, Debit, minor), (two, Credit, minor)]
            }
        };
        let red = self.random.percent(6);
        if red {
            lines.iter_mut().for_each(|line| line.1 = other(line.1));
        }
        let forms = lines.into_iter().map(|(at, side, minor)| {
            let mut form = self.line(model, at, side, minor);
            form.red = red;
            let counted = self.random.percent(if model.nature(at).off_balance { 50 } else { 4 });
            form.quantity = counted.then(|| self.random.between(-1, 6));
            form
        });
        forms.collect()
    }

    /// Opens an item, or clears one in part, whole or beyond.
    fn suspense(&mut self, model: &Model, minor: i64) -> Vec<LineForm> {
        let items = model.items();
        if items.is_empty() || self.random.percent(45) {
            let account = self.account(model, |at| model.kind(at).open_item);
            let natural_debit = model.nature(account).sign > 0;
            let natural_debit = match model.kind(account).opens {
                Some(side) => side == Side::Debit,
                None => natural_debit,
            };
            let opens = natural_debit != self.random.percent(10);
            let side = if opens { SideWord::Debit } else { SideWord::Credit };
            let unit = model.accounts[account].unit.0;
            let against = self.of_kind(model, "cash_vault", unit);
            return vec![
                self.line(model, account, side, minor),
                self.line(model, against, other(side), minor),
            ];
        }
        let at = self.random.below(items.len());
        let ((account, id), (opened, left, _)) =
            items.into_iter().nth(at).expect("it is below their number");
        let left = left.unsigned_abs().min(i64::MAX as u128) as i64;
        let minor = match self.random.below(10) {
            0..=3 => left,
            4..=6 => self.random.between(1, left.max(1)),
            7 => left.saturating_add(1),
            _ => minor,
        };
        let clears = opened > 0;
        let side =
            if clears != self.random.percent(5) { SideWord::Credit } else { SideWord::Debit };
        let mut line = self.line(model, account.index(), side, minor);
        line.clears = Some(match self.random.below(30) {
            0 => "no item".into(),
            1 => "99999-0".into(),
            _ => item_text(id),
        });
        let unit = model.accounts[account.index()].unit.0;
        let against = self.of_kind(model, "cash_vault", unit);
        vec![line, self.line(model, against, other(side), minor)]
    }

    /// Dollars for yuan, through the bank's positions.
    fn exchange(&mut self, model: &Model, minor: i64) -> Vec<(usize, SideWord, i64)> {
        use SideWord::{Credit, Debit};
        let base = model.chart.base_unit.0;
        let dollar = model.chart.unit_by_code("USD").map_or(base, |unit| unit.0);
        let yuan = minor.saturating_mul(7);
        let (from, into) = (self.customer(model, dollar), self.customer(model, base));
        let bought = self.of_kind(model, "exchange", dollar);
        let place = model.accounts[bought].institution;
        let paid = self.account(model, |at| {
            let account = &model.accounts[at];
            let exchange = &*model.kind(at).code == "exchange";
            exchange && account.unit.0 == base && account.institution == place
        });
        vec![
            (from, Debit, minor),
            (bought, Credit, minor),
            (paid, Debit, yuan),
            (into, Credit, yuan),
        ]
    }

    /// Several lines; the last makes up for the others.
    fn many(&mut self, model: &Model, unit: u16) -> Vec<(usize, SideWord, i64)> {
        let mut lines = Vec::new();
        let mut sum = 0;
        for _ in 0..1 + self.random.below(5) {
            let own = self.random.percent(30);
            let at = self.account(model, |at| {
                model.accounts[at].unit.0 == unit && model.kind(at).internal == own
            });
            let minor = self.random.between(1, 20_000);
            let debit = self.random.percent(50);
            sum += if debit { minor } else { -minor };
            lines.push((at, if debit { SideWord::Debit } else { SideWord::Credit }, minor));
        }
        let last = self.customer(model, unit);
        let side = if sum > 0 { SideWord::Credit } else { SideWord::Debit };
        lines.push((last, side, sum.abs()));
        lines
    }

    /// One thing wrong.
    fn spoil(&mut self, model: &Model, entry: &mut EntryForm) {
        let at = self.random.below(entry.lines.len().max(1));
        match self.random.below(18) {
            0 => entry.maker.clear(),
            1 => entry.checker = entry.maker.clone(),
            2 => entry.authoriser = entry.maker.clone(),
            3 => (entry.checker, entry.authoriser) = ("fan".into(), "fan".into()),
            4 => entry.business_date = Some(model.today.plus(1)),
            5 => entry.business_date = Some(model.today.plus(-1)),
            6 => entry.value_date = Some(model.today.plus(1)),
            7 => entry.value_date = Some(model.today.plus(-31)),
            8 => entry.institution = "nowhere".into(),
            9 => entry.summary = "长".repeat(81),
            10 => entry.lines[at].account = "nobody".into(),
            11 => entry.lines[at].unit = Some("JPY".into()),
            12 => entry.lines[at].amount = "0".into(),
            13 => entry.lines[at].amount.push('1'),
            14 => drop(entry.lines.remove(at)),
            15 => entry.lines[at].side = other(entry.lines[at].side),
            16 => entry.lines[at].clears = Some("1-0".into()),
            _ => entry.lines.clear(),
        }
    }

    /// The same entries with names looked up, as far as they can be.
    fn batch(&mut self, model: &Model, entries: &[EntryForm]) -> Batch {
        let mut batch = Batch::default();
        for form in entries {
            let Ok(mut request) = model.resolve(form) else { continue };
            if self.random.percent(3) {
                self.spoil_batch(model, &mut request.lines, &mut request.header);
            }
            let start = batch.lines.len();
            let key = if self.random.percent(3) { Key(1) } else { key_of(&form.key) };
            match batch.headers.last() {
                Some(last) if *last == request.header => batch.push_shared(key, &request.lines),
                _ => batch.push(key, request.header, &request.lines),
            }
            batch.marks.extend(request.marks.iter().map(|(line, clears, quantity)| Mark {
                line: (start + line) as u32,
                clears: *clears,
                quantity: *quantity,
            }));
        }
        batch
    }

    fn spoil_batch(&mut self, model: &Model, lines: &mut [Line], header: &mut Header) {
        let Some(line) = lines.first_mut() else { return };
        match self.random.below(6) {
            4 => header.kind = EntryKind::Settlement,
            5 => line.flags.0 |= LineFlags::COMPLETION,
            0 => line.amount = *self.random.pick(&[0, -5, i64::MIN]),
            1 => line.account.0 = model.accounts.len() as u32 + self.random.below(3) as u32,
            2 => header.institution = InstitutionId(99),
            _ => line.flags.0 |= LineFlags::OFF_BALANCE,
        }
    }

    fn placing(&mut self, model: &Model) -> Command {
        let at = match self.random.percent(90) {
            true => self.account(model, |at| !model.kind(at).internal),
            false => self.random.below(model.accounts.len()),
        };
        let digits = model.chart.unit(model.accounts[at].unit).digits;
        let available = model.available(at).clamp(0, i128::from(i64::MAX / 4)) as i64;
        let minor = match self.random.below(4) {
            0 => available,
            1 => available.saturating_add(1),
            2 => self.random.between(1, available.max(1)),
            _ => self.minor(),
        };
        let until =
            self.random.percent(50).then(|| model.today.plus(self.random.between(-1, 5) as i32));
        let freeze = self.random.percent(45);
        Command::PlaceHold(HoldRequest {
            account: model.accounts[at].number.clone(),
            amount: self.amount(minor, digits),
            kind: if freeze { HoldKind::Freeze } else { HoldKind::Reserve },
            authority: if self.random.percent(3) { String::new() } else { "法院".into() },
            document: if self.random.percent(6) { String::new() } else { "文书".into() },
            until,
            operator: self.person(),
            key: if self.random.percent(40) { self.key() } else { String::new() },
        })
    }

    /// A hold that stands, mostly.
    fn hold(&mut self, model: &Model) -> (u64, usize, i64) {
        if model.holds.is_empty() || self.random.percent(5) {
            return (model.next_hold + 7, 0, 1);
        }
        let hold = self.random.pick(&model.holds);
        (hold.id, hold.account.index(), hold.amount)
    }

    fn part(&mut self, whole: i64) -> i64 {
        match self.random.below(5) {
            0 | 1 => whole,
            2 => self.random.between(1, whole.max(1)),
            3 => whole.saturating_add(1),
            _ => self.minor(),
        }
    }

    fn releasing(&mut self, model: &Model) -> Command {
        let (hold, at, held) = self.hold(model);
        let part = self.part(held);
        let digits = model.chart.unit(model.accounts[at].unit).digits;
        let amount = self.random.percent(60).then(|| self.amount(part, digits));
        let key = if self.random.percent(40) { self.key() } else { String::new() };
        Command::ReleaseHold { hold, amount, reason: "解除".into(), operator: self.person(), key }
    }

    fn settling(&mut self, model: &Model) -> Command {
        let (hold, at, held) = self.hold(model);
        let (minor, unit) = (self.part(held), model.accounts[at].unit);
        let digits = model.chart.unit(unit).digits;
        let mut entry = self.entry(model);
        if self.random.percent(90) {
            let natural_debit = model.nature(at).sign > 0;
            let side = if natural_debit { SideWord::Credit } else { SideWord::Debit };
            let vault = self.of_kind(model, "cash_vault", unit.0);
            let paid = if self.random.percent(85) { minor } else { self.part(minor) };
            let pays = self.line(model, at, side, paid);
            entry.lines = vec![pays, self.line(model, vault, other(side), paid)];
        }
        Command::SettleHold { hold, amount: self.amount(minor, digits), entry }
    }

    fn correction(&mut self, model: &Model) -> CorrectForm {
        let last = model.entries.len() as u64;
        let entry = match self.random.below(10) {
            0 => self.random.below(last as usize + 3) as u64,
            1..=4 => last.saturating_sub(self.random.below(40) as u64),
            _ => last.saturating_sub(self.random.below(6) as u64),
        };
        let mut people: Vec<&str> = PEOPLE.to_vec();
        if self.random.percent(8) {
            people = vec!["ana", "ben", "ana", "ben", "ana"];
        }
        let rebook = self.random.percent(35).then(|| self.entry(model));
        CorrectForm {
            key: self.key(),
            entry,
            class: "operator".into(),
            cause: if self.random.percent(3) { String::new() } else { "金额错误".into() },
            evidence: "凭证".into(),
            applicant: people[0].into(),
            verifier: people[1].into(),
            approver: people[2].into(),
            poster: people[3 * usize::from(self.random.percent(70))].into(),
            notice: String::new(),
            rebook,
        }
    }

    fn status(&mut self, model: &Model) -> StatusForm {
        let at = match self.random.percent(90) {
            true => self.account(model, |at| !model.kind(at).internal),
            false => self.random.below(model.accounts.len()),
        };
        let normal = self.random.percent(45);
        let status = if normal { Status::Normal } else { *self.random.pick(&Status::ALL) };
        let reason = if self.random.percent(4) { String::new() } else { "通知".into() };
        let account = model.accounts[at].number.clone();
        StatusForm { account, status, reason, document: "文书".into(), operator: self.person() }
    }

    fn closing(&mut self, model: &Model) -> Command {
        let at = self.account(model, |at| !model.kind(at).internal);
        let unit = model.accounts[at].unit;
        let to = match self.random.percent(85) {
            true => self.account(model, |at| model.accounts[at].unit == unit),
            false => self.random.below(model.accounts.len()),
        };
        let [account, to] = [at, to].map(|at| model.accounts[at].number.clone());
        let (maker, checker) = (self.person(), self.person());
        Command::CloseAccount { account, to, maker, checker, key: self.key() }
    }

    /// A part withdrawn from a deposit with a term, or another term for it.
    fn term(&mut self, model: &Model) -> Command {
        let at = self.account(model, |at| {
            model.accounts[at].term.is_some() && model.accounts[at].status == Status::Normal
        });
        let unit = model.accounts[at].unit;
        let (maker, checker, key) = (self.person(), self.person(), self.key());
        let account = model.accounts[at].number.clone();
        let mature =
            model.accounts[at].term.as_ref().is_some_and(|one| one.maturity <= model.today);
        let command = if self.random.percent(if mature { 30 } else { 80 }) {
            let other = |other: usize| other != at && model.accounts[other].unit == unit;
            let to = self.account(model, other);
            let to = if self.random.percent(5) { at } else { to };
            let balance = model.natural(at).clamp(1, i128::from(i64::MAX / 4)) as i64;
            let minor = match self.random.below(10) {
                0 => balance,
                1 => 0,
                _ => self.random.between(1, balance),
            };
            let amount = self.amount(minor, model.chart.unit(unit).digits);
            let to = model.accounts[to].number.clone();
            Command::WithdrawTerm(WithdrawForm { account, to, amount, maker, checker, key })
        } else {
            let maturity = model.today.plus(self.random.between(-9, 200) as i32);
            let rate = Decimal::new(self.random.between(0, 400), 4);
            Command::RenewTerm(RenewForm { account, maturity, rate, maker, checker, key })
        };
        self.past.push(command.clone());
        command
    }

    /// Customers of any kind at any place.
    pub fn accounts(&mut self, model: &Model) -> Vec<AccountForm> {
        let count = 1 + self.random.below(3);
        (0..count).map(|_| self.new_account(model)).collect()
    }

    fn new_account(&mut self, model: &Model) -> AccountForm {
        let known: Vec<&str> =
            CUSTOMERS.into_iter().filter(|code| model.chart.kind_by_code(code).is_some()).collect();
        let mut kind = *self.random.pick(&known);
        self.next_account += 1;
        let mut number = format!("{}", 620_000 + self.next_account);
        let mut unit = self.random.percent(15).then(|| "USD".to_owned());
        let mut place = self.random.below(model.places.len());
        match self.random.below(60) {
            0 => kind = "no kind",
            1 => number = "620001".into(),
            2 => unit = Some("XXX".into()),
            3 => kind = "cash_vault",
            4 => place = usize::MAX,
            5 => {
                // A number that the bank would give to an account of its own.
                let code = &self.random.pick(&model.places).code;
                number = format!("00.JPY.3001-10.{code}");
            }
            _ => {}
        }
        let spoilt = self.random.percent(5);
        let time = kind.ends_with("_time") != spoilt;
        let days = self.random.between(1, 200) as i32;
        let first = model.today == ledger::Day(0) || self.random.percent(20);
        let mut term = time.then(|| TermForm {
            from: first.then(|| model.today.plus(-3)),
            maturity: model.today.plus(days),
            rate: Decimal::new(self.random.between(0, 400), 4),
        });
        if let Some(term) = term.as_mut().filter(|_| self.random.percent(15)) {
            match self.random.below(5) {
                0 => term.from = Some(model.today.plus(self.random.between(0, 2) as i32)),
                1 => term.maturity = model.today.plus(self.random.between(-3, 40_000) as i32),
                2 => term.rate = Decimal::new(self.random.between(-1, 2), 0),
                3 => term.rate = Decimal::new(5, self.random.between(11, 14) as u32),
                _ => term.from = None,
            }
        }
        let institution = model.places.get(place).map_or("nowhere", |place| &place.code).to_owned();
        AccountForm { number, name: "客户".into(), kind: kind.into(), institution, unit, term }
    }

    fn internal(&mut self, model: &Model) -> Command {
        let kinds =
            (0..1 + self.random.below(3)).map(|_| (*self.random.pick(&INTERNAL)).to_owned());
        let kinds = kinds.filter(|code| model.chart.kind_by_code(code).is_some()).collect();
        let institution = self.random.pick(&model.places).code.clone();
        let unit = (*self.random.pick(&["CNY", "USD", "JPY", "form:cheque"])).to_owned();
        Command::OpenInternal { kinds, institution, unit }
    }

    fn institutions(&mut self, model: &Model) -> Command {
        let code = format!("{:02}", model.places.len());
        Command::AddInstitutions(vec![InstitutionForm {
            code,
            title: Title { zh: "支行".into(), en: "Branch".into() },
            parent: Some(model.places[0].code.clone()),
        }])
    }

    /// Institutions stop and go on during the day.
    fn stopping(&mut self, model: &Model) -> Command {
        let (institution, by) = (self.random.pick(&model.places).code.clone(), self.person());
        match self.random.percent(50) {
            true => Command::CloseInstitution { institution, by },
            false => Command::ReopenInstitution { institution, by, reason: "继续".into() },
        }
    }

    /// The next command towards the end of the day and the beginning of another, in order or not;
    /// the caller closes the day itself.
    pub fn step(&mut self, model: &Model) -> Command {
        let by = self.person();
        if self.random.percent(12) {
            let step = *self.random.pick(&Step::ALL);
            return Command::RunStep { step, accept: None };
        }
        match model.phase {
            Phase::Closed => Command::OpenDay { day: self.day(model) },
            Phase::Open if self.random.percent(30) => self.stopping(model),
            Phase::Open => Command::CloseInstitutions { by },
            Phase::Closing => {
                let left = Step::ALL.iter().find(|step| !model.steps.contains_key(step.code()));
                let accept = self.random.percent(70).then(|| "dai".to_owned());
                Command::RunStep { step: *left.unwrap_or(&Step::Zero), accept }
            }
        }
    }

    fn day(&mut self, model: &Model) -> Option<ledger::Day> {
        let next = model.chart.calendar.next_business_day(model.today);
        match self.random.below(20) {
            0 => Some(model.today),
            1 => Some(model.today.plus(1)),
            2 => Some(next.plus(1)),
            3 => Some(model.chart.calendar.add_business_days(next, 2)),
            4 => Some(next),
            _ => None,
        }
    }
}

fn other(side: SideWord) -> SideWord {
    if side == SideWord::Debit { SideWord::Credit } else { SideWord::Debit }
}
