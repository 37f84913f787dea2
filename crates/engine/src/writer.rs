//! The single writer: a deciding thread that owns the state, a committing thread that owns the
//! store, and one that wakes those who wait for many answers. While one group is on its way to the
//! disk, the next is decided; under load groups grow by themselves, and a lone command is
//! committed at once.

use crate::fault::Fault;
use crate::follower::{Follower, load};
use crate::records;
use bank::office::value::Attachment;
use bank::rulebook::Rulebook;
use bank::{Answer, Command, Loaded, State, decide, image, needs};
use crossbeam_channel::{Receiver, Sender, bounded, select_biased, unbounded};
use history::block::{Body, PlacedFact, encode, hash_block};
use ledger::chart::Title;
use ledger::entry::EntryNo;
use ledger::fact::Draft;
use ledger::{Day, Refusal, refusal};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use store::{Block, Hash, Store, StoreError};

/// What a command comes to: an answer that is durable, or a refusal that changed nothing.
pub type Outcome = Result<Answer, Refusal>;

/// Microseconds since 1970-01-01 UTC; given, so that a test or a simulator rules time.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// A group is closed when it holds so many lines: about 2 MB of payload.
const GROUP_LINES: usize = 1 << 16;

/// A group is closed when its texts and facts weigh so many bytes, and one command may not weigh
/// more: a block holds twice as much ([`store::VALUE_BYTES_MAX`]).
const GROUP_BYTES: usize = store::VALUE_BYTES_MAX / 2;

/// A snapshot is taken when a day closes, and within a day when so many entries have been posted
/// since the last, or two for each account: what it costs grows with the accounts.
const SNAPSHOT_ENTRIES: u64 = 2_000_000;

/// Up to so many answers are given by the committing thread itself; with more, another thread
/// wakes who waits, so that the disk does not.
const ANSWERS_INLINE: usize = 4;

type StoreJob = Box<dyn FnOnce(&mut dyn Store, &str) + Send>;
/// What somebody who looked at the state gets once everything they saw is durable.
type Seen = Box<dyn FnOnce() + Send>;
type Look = Box<dyn FnOnce(&State, Stamp) -> Seen + Send>;
/// Whether a command may be decided at all, judged by the state that decides it.
type Guard = Box<dyn FnOnce(&State) -> Result<(), Refusal> + Send>;

/// Somebody who waits for an outcome. Dropped without one, as when a thread of the bank dies, it
/// says that the bank has stopped: nobody waits for ever.
struct Reply(Option<Box<dyn FnOnce(Outcome) + Send>>);

impl Reply {
    fn new(answer: impl FnOnce(Outcome) + Send + 'static) -> Self {
        Self(Some(Box::new(answer)))
    }

    fn give(mut self, outcome: Outcome) {
        if let Some(answer) = self.0.take() {
            answer(outcome);
        }
    }
}

impl Drop for Reply {
    fn drop(&mut self) {
        if let Some(answer) = self.0.take() {
            answer(Err(refusal::unavailable("the engine has stopped")));
        }
    }
}

/// Where one outcome is waited for, asleep: a client that spins, as the receiver of a channel does
/// at first, takes the core from the bank that it waits for.
#[derive(Default)]
struct Slot {
    outcome: Mutex<Option<Outcome>>,
    given: Condvar,
}

impl Slot {
    fn reply(self: &Arc<Self>) -> Reply {
        let slot = Arc::clone(self);
        Reply::new(move |outcome| {
            *slot.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            slot.given.notify_one();
        })
    }

    /// A reply is always given, see [`Reply`].
    fn wait(&self) -> Outcome {
        let mut outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(outcome) = outcome.take() {
                return outcome;
            }
            outcome = self.given.wait(outcome).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// An answer that waits until its block is durable.
enum Release {
    Answer(Reply, Outcome),
    Seen(Seen),
}

impl Release {
    /// Lets the answer go: with nothing, it is durable; with a reason, it never will be.
    fn go(self, down: Option<&str>) {
        match (self, down) {
            (Self::Answer(reply, outcome), None) => reply.give(outcome),
            (Self::Answer(reply, _), Some(reason)) => reply.give(Err(refusal::unavailable(reason))),
            (Self::Seen(seen), None) => seen(),
            // Who looked sees its channel closed.
            (Self::Seen(_), Some(_)) => {}
        }
    }
}

/// Why the bank stopped, if it did; a thread that panics says so on its way out.
#[derive(Clone, Default)]
struct Down(Arc<Mutex<Option<String>>>);

impl Down {
    fn reason(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, reason: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
    }
}

impl Drop for Down {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.set("a thread of the engine panicked".to_owned());
        }
    }
}

/// A moment of the books: two looks with the same stamp have seen the same books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp(u64);

enum Work {
    Command(Box<Command>, Reply),
    /// To be decided only if nothing has changed since the stamp.
    CommandAt(Stamp, Box<Command>, Reply),
    /// To be decided only if its guard lets it pass.
    CommandIf(Guard, Box<Command>, Reply),
    Look(Look),
    Store(StoreJob),
    /// Whether the chain still ends where this writer left it.
    Confirm(Reply),
    Snapshot(Reply),
    Stop,
}

/// What the committing thread makes durable at once.
#[derive(Default)]
struct Group {
    draft: Draft,
    first_entry: EntryNo,
    business_date: Day,
    /// The moment of the books after its last change; the first, if it has none.
    stamp: Stamp,
    /// About how many bytes its texts and facts will take.
    weight: usize,
    /// Matters that end with this block.
    records: Vec<store::Record>,
    releases: Vec<Release>,
    jobs: Vec<StoreJob>,
    /// Who asks whether this is the writer yet.
    confirms: Vec<Reply>,
    snapshot: Option<Vec<u8>>,
}

impl Group {
    /// Whether nobody waits for it.
    fn is_empty(&self) -> bool {
        self.releases.is_empty() && self.jobs.is_empty() && self.confirms.is_empty()
    }
}

/// A running bank. Dropping it commits what was decided and stops.
pub struct Engine {
    work: Sender<Work>,
    down: Down,
    threads: Vec<JoinHandle<()>>,
}

impl Engine {
    /// Creates a bank in an empty place of the store and runs it.
    pub fn create(
        store: Box<dyn Store>,
        bank: &str,
        title: Title,
        files: Vec<(String, String)>,
        clock: Clock,
    ) -> Result<Self, Fault> {
        let rulebook = Rulebook::parse(&files).map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Fault::Refused(refusal::rulebook_wrong(&errors.join("; ")))
        })?;
        let mut store = store;
        if store.tip(bank)?.is_some() {
            return Err(Fault::Refused(refusal::bank_exists(bank)));
        }
        let state = State::new(rulebook);
        let follower = Follower {
            store,
            bank: bank.to_owned(),
            state,
            seq: 0,
            hash: Hash::default(),
            snapshot_entry: EntryNo(1),
        };
        let engine = Self::run(follower, clock);
        engine.call(Command::CreateBank { bank: bank.to_owned(), title, files })?;
        Ok(engine)
    }

    /// Recovers a bank from its newest snapshot and the blocks after it, and runs it.
    pub fn open(store: Box<dyn Store>, bank: &str, clock: Clock) -> Result<Self, Fault> {
        let mut follower = Follower::open(store, bank)?;
        follower.catch_up(|_| {})?;
        Ok(Self::run(follower, clock))
    }

    /// Makes a follower the writer. If another writer still lives, the first of the two that
    /// appends wins and the other steps down: the store's key (bank, seq) is the fence.
    pub fn run(follower: Follower, clock: Clock) -> Self {
        let Follower { store, bank, state, seq, hash, snapshot_entry } = follower;
        let (work, inbox) = unbounded();
        let (hand_over, groups) = bounded(0);
        let (recycle, spare) = bounded(4);
        let (durable, answers) = unbounded();
        let on_their_way = Arc::new(AtomicUsize::new(0));
        let kept = Arc::new(AtomicU64::new(0));
        let down = Down::default();
        let decider = Decider {
            state,
            inbox,
            hand_over,
            spare,
            down: down.clone(),
            snapshot_entry,
            stamp: Stamp(0),
            kept: Arc::clone(&kept),
        };
        let committer = Committer {
            store,
            bank,
            seq,
            hash,
            clock,
            groups,
            kept,
            recycle,
            answers: Answers { hand_over: durable, on_their_way: Arc::clone(&on_their_way) },
            down: down.clone(),
        };
        let spawn = |name: &str, body: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.into()).spawn(body);
            thread.expect("the system can start a thread")
        };
        let threads = vec![
            spawn("decide", Box::new(|| decider.run())),
            spawn("commit", Box::new(|| committer.run())),
            spawn("answer", Box::new(move || answer(&answers, &on_their_way))),
        ];
        Self { work, down, threads }
    }

    /// Hands in a command; `reply` is called when its outcome is durable.
    pub fn submit(&self, command: Command, reply: impl FnOnce(Outcome) + Send + 'static) {
        self.hand_in(Work::Command(Box::new(command), Reply::new(reply)));
    }

    /// As [`Engine::submit`], if `guard` lets it pass: who may ask is judged at the very moment at
    /// which the command is decided.
    pub fn submit_if(
        &self,
        guard: impl FnOnce(&State) -> Result<(), Refusal> + Send + 'static,
        command: Command,
        reply: impl FnOnce(Outcome) + Send + 'static,
    ) {
        self.hand_in(Work::CommandIf(Box::new(guard), Box::new(command), Reply::new(reply)));
    }

    /// Hands in a command and waits for its outcome.
    pub fn call(&self, command: Command) -> Outcome {
        let slot = Arc::<Slot>::default();
        self.hand_in(Work::Command(Box::new(command), slot.reply()));
        slot.wait()
    }

    /// As [`Engine::call`], but refused (`BooksMoved`) if anything has changed since the stamp.
    pub fn call_at(&self, stamp: Stamp, command: Command) -> Outcome {
        let slot = Arc::<Slot>::default();
        self.hand_in(Work::CommandAt(stamp, Box::new(command), slot.reply()));
        slot.wait()
    }

    fn hand_in(&self, work: Work) {
        if let Err(unsent) = self.work.send(work)
            && let Work::Command(_, reply)
            | Work::CommandAt(_, _, reply)
            | Work::CommandIf(_, _, reply)
            | Work::Confirm(reply)
            | Work::Snapshot(reply) = unsent.0
        {
            reply.give(Err(refusal::unavailable(&self.reason())));
        }
    }

    /// The moment that the books are at, once everything before it is durable.
    pub fn stamp(&self) -> Result<Stamp, Refusal> {
        self.look_at(|_, stamp| stamp)
    }

    /// Looks at the state between two commands; answers once all that was seen is durable.
    pub fn look<T: Send + 'static>(
        &self,
        view: impl FnOnce(&State) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        self.look_at(|state, _| view(state))
    }

    fn look_at<T: Send + 'static>(
        &self,
        view: impl FnOnce(&State, Stamp) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let (sender, receiver) = bounded(1);
        let look: Look = Box::new(move |state, stamp| {
            let seen = view(state, stamp);
            Box::new(move || drop(sender.send(seen)))
        });
        let _ = self.work.send(Work::Look(look));
        receiver.recv().map_err(|_| refusal::unavailable(&self.reason()))
    }

    /// As [`Engine::look`], for who cannot wait: `reply` gets what was seen once all of it is
    /// durable, and is dropped unheard if the bank stops before.
    pub fn look_then<T: Send + 'static>(
        &self,
        view: impl FnOnce(&State) -> T + Send + 'static,
        reply: impl FnOnce(T) + Send + 'static,
    ) {
        let look: Look = Box::new(move |state, _| {
            let seen = view(state);
            Box::new(move || reply(seen))
        });
        let _ = self.work.send(Work::Look(look));
    }

    /// Runs `job` on the store, after everything handed in before it is durable.
    pub fn with_store<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut dyn Store, &str) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let (sender, receiver) = bounded(1);
        let job: StoreJob = Box::new(move |store, bank| drop(sender.send(job(store, bank))));
        let _ = self.work.send(Work::Store(job));
        receiver.recv().map_err(|_| refusal::unavailable(&self.reason()))
    }

    /// Keeps a file beside the journal, under its digest; an attachment field then names it.
    pub fn attach(&self, name: &str, bytes: Vec<u8>) -> Result<Attachment, Fault> {
        let digest = store::sha256(&bytes);
        let attachment = Attachment::of(name.to_owned(), &digest, bytes.len() as u64)?;
        self.with_store(move |store, bank| store.put_document(bank, &digest, &bytes))??;
        Ok(attachment)
    }

    /// Stores a snapshot of everything handed in so far.
    pub fn snapshot(&self) -> Result<(), Refusal> {
        let slot = Arc::<Slot>::default();
        self.hand_in(Work::Snapshot(slot.reply()));
        slot.wait().map(drop)
    }

    /// Makes sure that nobody else has written since: a writer that was overtaken while it slept
    /// learns it here, and not only when it writes again. If so the engine has stopped.
    pub fn confirm(&self) -> Result<(), Refusal> {
        let slot = Arc::<Slot>::default();
        self.hand_in(Work::Confirm(slot.reply()));
        slot.wait().map(drop)
    }

    /// Why the engine has stopped, if it has.
    pub fn down(&self) -> Option<String> {
        self.down.reason()
    }

    fn reason(&self) -> String {
        self.down().unwrap_or_else(|| "the engine has stopped".to_owned())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.work.send(Work::Stop);
        for thread in self.threads.drain(..) {
            // A panic was reported by the thread itself; there is nothing left to do about it.
            let _ = thread.join();
        }
    }
}

struct Decider {
    /// First, as fields are dropped in order: who is answered by a dying thread finds the reason.
    down: Down,
    state: State,
    inbox: Receiver<Work>,
    hand_over: Sender<Group>,
    spare: Receiver<Draft>,
    /// The first entry that the newest snapshot does not hold.
    snapshot_entry: EntryNo,
    stamp: Stamp,
    /// The stamp of the newest group that is durable.
    kept: Arc<AtomicU64>,
}

impl Decider {
    fn run(mut self) {
        let mut group = self.new_group();
        loop {
            let full = group.draft.batch.lines.len() >= GROUP_LINES
                || group.weight >= GROUP_BYTES / 2
                || !group.jobs.is_empty()
                || !group.confirms.is_empty();
            let work = if group.is_empty() {
                match self.inbox.recv() {
                    Ok(work) => work,
                    Err(_) => return,
                }
            } else if full {
                group = self.deliver(group);
                continue;
            } else {
                // Biased to deciding: a group leaves when the committer is ready for it and
                // nothing else waits.
                select_biased! {
                    recv(self.inbox) -> work => match work {
                        Ok(work) => work,
                        Err(_) => return drop(self.deliver(group)),
                    },
                    send(self.hand_over, std::mem::take(&mut group)) -> sent => {
                        if sent.is_err() {
                            return;
                        }
                        group = self.new_group();
                        continue;
                    }
                }
            };
            match work {
                Work::Command(command, reply) => group = self.decide(*command, reply, group),
                Work::CommandAt(stamp, _, reply) if stamp != self.stamp => {
                    group.releases.push(Release::Answer(reply, Err(refusal::books_moved())));
                }
                Work::CommandAt(_, command, reply) => group = self.decide(*command, reply, group),
                Work::CommandIf(guard, command, reply) => match guard(&self.state) {
                    Ok(()) => group = self.decide(*command, reply, group),
                    Err(refusal) => group.releases.push(Release::Answer(reply, Err(refusal))),
                },
                // What a bank that has stopped holds may not be what the store has: who looks hears
                // nothing, and so learns that it has.
                Work::Look(_) if self.down.reason().is_some() => {}
                Work::Look(look) => {
                    let seen = look(&self.state, self.stamp);
                    // With all of it on the disk there is nothing to wait for: who only looks does
                    // not wake the committing thread.
                    let waits = !group.releases.is_empty()
                        || self.kept.load(Ordering::Acquire) != self.stamp.0;
                    if waits { group.releases.push(Release::Seen(seen)) } else { seen() }
                }
                Work::Store(job) => group.jobs.push(job),
                Work::Confirm(reply) => group.confirms.push(reply),
                Work::Snapshot(reply) => {
                    group.releases.push(Release::Answer(reply, Ok(Answer::Done)));
                    group = self.deliver_with_snapshot(group);
                }
                Work::Stop => return drop(self.deliver(group)),
            }
        }
    }

    fn decide(&mut self, command: Command, reply: Reply, mut group: Group) -> Group {
        if let Some(reason) = self.down.reason() {
            reply.give(Err(refusal::unavailable(&reason)));
            return group;
        }
        let weight = weight(&command);
        if weight > GROUP_BYTES {
            group.releases.push(Release::Answer(reply, Err(refusal::command_too_large(weight))));
            return group;
        }
        let mut loaded = Loaded::default();
        let needs = needs(&self.state, &command);
        if !needs.is_empty() {
            // An entry may be in the group at hand: it goes to the store first.
            let (sender, receiver) = bounded(1);
            group.jobs.push(Box::new(move |store, bank| {
                drop(sender.send(load(store, bank, &needs)));
            }));
            group = self.deliver(group);
            match receiver.recv() {
                Ok(Ok(found)) => loaded = found,
                Ok(Err(fault)) => {
                    reply.give(Err(refusal::unavailable(&fault.to_string())));
                    return group;
                }
                Err(_) => {
                    reply.give(Err(refusal::unavailable("the store has stopped")));
                    return group;
                }
            }
        }
        // A day's end is a block of its own: what comes before belongs to the day, what comes
        // after does not.
        let alone = matches!(command, Command::CloseDay { .. });
        if alone {
            group = self.deliver(group);
        }
        let before = (group.draft.batch.len(), group.draft.facts.len());
        let outcome = decide(&mut self.state, &loaded, command, &mut group.draft);
        let changed = before != (group.draft.batch.len(), group.draft.facts.len());
        if changed {
            self.stamp.0 += 1;
            group.stamp = self.stamp;
        }
        group.weight += weight;
        if !self.state.office.ended.is_empty() {
            group.records.append(&mut records::take(&mut self.state));
        }
        group.business_date = self.state.book.today;
        let closed = alone && outcome.is_ok();
        group.releases.push(Release::Answer(reply, outcome));
        let book = &self.state.book;
        let rare = SNAPSHOT_ENTRIES.max(2 * book.accounts.len() as u64);
        if closed || book.next_entry.0 - self.snapshot_entry.0 >= rare {
            self.deliver_with_snapshot(group)
        } else if alone {
            self.deliver(group)
        } else {
            group
        }
    }

    fn deliver_with_snapshot(&mut self, mut group: Group) -> Group {
        self.snapshot_entry = self.state.book.next_entry;
        group.snapshot = Some(image::write(&self.state));
        self.deliver(group)
    }

    fn deliver(&mut self, group: Group) -> Group {
        if !group.is_empty() || !group.draft.is_empty() {
            // If the committer is gone, replies are dropped with the group: callers see that.
            let _ = self.hand_over.send(group);
        }
        self.new_group()
    }

    fn new_group(&mut self) -> Group {
        Group {
            draft: self.spare.try_recv().unwrap_or_default(),
            first_entry: self.state.book.next_entry,
            business_date: self.state.book.today,
            ..Group::default()
        }
    }
}

/// About how many bytes a command adds to its block beyond 45 for a line: texts of headers, and
/// facts. Only its order of magnitude matters.
fn weight(command: &Command) -> usize {
    const ACCOUNT: usize = 160;
    const HEADER: usize = 64;
    match command {
        Command::OpenAccounts(forms) => {
            forms.iter().map(|form| ACCOUNT + form.number.len() + form.name.len()).sum()
        }
        Command::CreateBank { files, .. } | Command::ActivateRulebook { files } => {
            files.iter().map(|(name, text)| name.len() + text.len()).sum()
        }
        Command::Post { entries, .. } => entries
            .iter()
            .map(|entry| {
                HEADER + entry.summary.len() + entry.document.len() + 45 * entry.lines.len()
            })
            .sum(),
        Command::PostBatch { batch, .. } => {
            let headers = batch.headers.iter();
            let texts = headers.map(|header| HEADER + header.summary.len() + header.document.len());
            texts.sum::<usize>() + 20 * batch.entries.len() + 20 * batch.lines.len()
        }
        Command::Office(request) | Command::Preview(request) => request.weight(),
        _ => 0,
    }
}

/// Wakes who waits, until the committing thread is gone.
fn answer(groups: &Receiver<Vec<Release>>, on_their_way: &AtomicUsize) {
    for releases in groups {
        releases.into_iter().for_each(|release| release.go(None));
        on_their_way.fetch_sub(1, Ordering::AcqRel);
    }
}

struct Committer {
    /// First, see [`Decider`].
    down: Down,
    store: Box<dyn Store>,
    bank: String,
    seq: u64,
    hash: Hash,
    clock: Clock,
    groups: Receiver<Group>,
    /// See [`Decider`].
    kept: Arc<AtomicU64>,
    recycle: Sender<Draft>,
    answers: Answers,
}

/// The way to the answering thread.
struct Answers {
    hand_over: Sender<Vec<Release>>,
    /// Groups handed over and not yet answered.
    on_their_way: Arc<AtomicUsize>,
}

impl Committer {
    fn run(mut self) {
        while let Ok(mut group) = self.groups.recv() {
            let mut reason = self.down.reason();
            if reason.is_none()
                && !group.draft.is_empty()
                && let Err(fault) = self.append(&mut group)
            {
                // From here on the state is ahead of the store: nothing more may be answered.
                let fault = fault.to_string();
                self.down.set(fault.clone());
                reason = Some(fault);
            }
            if reason.is_none() {
                self.kept.fetch_max(group.stamp.0, Ordering::Release);
            }
            self.release(std::mem::take(&mut group.releases), reason.as_deref());
            if reason.is_none() {
                if let Some(mut image) = group.snapshot.take() {
                    // It says which chain it belongs to.
                    image.extend_from_slice(&self.hash);
                    // A snapshot only shortens recovery: without it, more blocks are replayed.
                    let _ = self.store.put_snapshot(&self.bank, self.seq, &image);
                }
                for job in group.jobs.drain(..) {
                    job(&mut *self.store, &self.bank);
                }
            }
            for reply in group.confirms.drain(..) {
                reply.give(self.confirm());
            }
            group.draft.clear();
            let _ = self.recycle.try_send(group.draft);
        }
    }

    fn release(&self, releases: Vec<Release>, reason: Option<&str>) {
        let few = releases.len() <= ANSWERS_INLINE;
        // None may overtake those that are still on their way.
        if reason.is_some() || few && self.answers.on_their_way.load(Ordering::Acquire) == 0 {
            return releases.into_iter().for_each(|release| release.go(reason));
        }
        self.answers.on_their_way.fetch_add(1, Ordering::AcqRel);
        // Should that thread be gone, the answers are dropped and say that the engine has stopped.
        let _ = self.answers.hand_over.send(releases);
    }

    fn confirm(&mut self) -> Outcome {
        if let Some(reason) = self.down.reason() {
            return Err(refusal::unavailable(&reason));
        }
        match self.store.tip(&self.bank) {
            Ok(Some(tip)) if (tip.seq, tip.hash) == (self.seq, self.hash) => Ok(Answer::Done),
            Ok(tip) => {
                let tip_seq = tip.map_or(0, |tip| tip.seq);
                let fenced = StoreError::Fenced { seq: self.seq + 1, tip_seq };
                let reason = Fault::Store(fenced).to_string();
                self.down.set(reason.clone());
                Err(refusal::unavailable(&reason))
            }
            Err(error) => Err(refusal::unavailable(&error.to_string())),
        }
    }

    fn append(&mut self, group: &mut Group) -> Result<(), Fault> {
        let facts = group.draft.facts.iter().map(|(after, fact)| PlacedFact {
            after: *after,
            json: serde_json::to_string(fact).expect("plain data serialises"),
        });
        let body = Body {
            first_entry: group.first_entry,
            at_micros: (self.clock)(),
            business_date: group.business_date,
            facts: facts.collect(),
            batch: std::mem::take(&mut group.draft.batch),
        };
        let mut payload = Vec::new();
        encode(&body, &mut payload);
        group.draft.batch = body.batch;
        let hash = hash_block(&self.hash, &payload);
        let block = Block {
            seq: self.seq + 1,
            prev_hash: self.hash,
            hash,
            first_entry: body.first_entry.0,
            business_date: body.business_date.0,
            payload: payload.into(),
        };
        let records = std::mem::take(&mut group.records);
        self.store.append_with(&self.bank, &block, &records).or_else(|error| match error {
            // Repeating the very same block settles whether it was kept.
            StoreError::Lost { .. } | StoreError::Busy { .. } => {
                self.store.append_with(&self.bank, &block, &records)
            }
            error => Err(error),
        })?;
        self.seq = block.seq;
        self.hash = hash;
        Ok(())
    }
}
