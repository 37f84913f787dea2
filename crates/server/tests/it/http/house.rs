//! The bank of the cases behind a service, on a day that is open: three accounts, the people of
//! `rulebook/cast.md`, seal cabinets, and a clock that the test sets.

use crate::at_engine::{AtEngine, Founded};
use crate::pages::root;
use crate::runner::{Cast, Runner};
use crate::wire::Client;
use bank::form::OperatorForm;

use server::testing::{Limits, OidcSettings, Place, Service, Standing};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Store;
use tempfile::TempDir;

pub const PASSWORD: &str = "Piaohao-2026";
pub const MINUTE: i64 = 60_000_000;
pub const HOUR: i64 = 60 * MINUTE;

/// At 城关支行, with 1,000.00; at the same; at 河西支行.
pub const MINE: &str = "900001";
pub const BESIDE: &str = "900002";
pub const ELSEWHERE: &str = "900003";

/// Somebody who holds no post.
pub const IDLE: &str = "idle";

/// A teller who never had a password.
pub const NEW: &str = "neu";

const BEGINNING: [&str; 8] = [
    "ready cabinets",
    "account 900001 personal_current 0101",
    "account 900002 personal_current 0101",
    "account 900003 personal_current 0102",
    "post 0101 HVPS ren/rong/su \"来账\"\n  Dr 0000.CNY.1003-01.01 1000.00\n  Cr 900001 1000.00",
    "post 0102 HVPS ren/rong/su \"来账\"\n  Dr 0000.CNY.1003-01.01 500.00\n  Cr 900003 500.00",
    "hold 900001 10.00 法院",
    "hold 900003 10.00 法院",
];

pub struct House {
    // The service stops before its folder goes.
    pub service: Service,
    pub cast: Cast,
    clock: Arc<AtomicI64>,
    folder: TempDir,
}

/// Limits in which a test is not slowed down.
pub fn roomy() -> Limits {
    Limits { sign_ins: u32::MAX, rate: 0, ..Limits::default() }
}

/// The cast, and who comes to a bank without a post, or without a password.
fn cast() -> Cast {
    let page = std::fs::read_to_string(root().join("cast.md")).unwrap();
    let mut cast = Cast::read(&page);
    let more = [(IDLE, "闲闲", Vec::new()), (NEW, "新人", vec!["teller".to_owned()])];
    cast.operators.extend(more.map(|(operator, name, posts)| OperatorForm {
        operator: operator.to_owned(),
        name: name.to_owned(),
        institution: "0101".to_owned(),
        posts,
    }));
    cast
}

impl House {
    pub fn open() -> Self {
        Self::with(roomy())
    }

    pub fn with(limits: Limits) -> Self {
        Self::built(limits, false, None)
    }

    /// With a provider that vouches for people.
    pub fn with_oidc(provider: OidcSettings) -> Self {
        Self::vouched_for(roomy(), provider)
    }

    pub fn vouched_for(limits: Limits, provider: OidcSettings) -> Self {
        Self::built(limits, false, Some(provider))
    }

    /// As if it spoke TLS.
    pub fn secure() -> Self {
        Self::built(roomy(), true, None)
    }

    fn built(limits: Limits, secure: bool, oidc: Option<OidcSettings>) -> Self {
        let folder = crate::memory_folder();
        let path = folder.path().join("bank.sqlite");
        let kept = path.to_str().unwrap().to_owned();
        let open = move || -> Box<dyn Store> { Box::new(store::SqliteStore::open(&path).unwrap()) };
        let founded = Founded::of(&open, cast());
        let clock = Arc::new(AtomicI64::new(0));
        let tells = Arc::clone(&clock);
        let tell: engine::Clock = Arc::new(move || tells.load(Ordering::Relaxed));
        let place = Place { folder: folder.path(), store: &kept, bank: "demo", secure, oidc };
        let service = Service::start(&place, limits, tell).unwrap();
        let mut desk = AtEngine::new(Box::new(service.behind()), open(), "demo", 0);
        desk.follow();
        let mut runner = Runner::at(Box::new(desk), &founded.cast);
        for line in BEGINNING {
            let said = runner.run(line);
            assert!(!said.starts_with("refused"), "{line}\n{said}");
        }
        clock.store(runner.now, Ordering::Relaxed);
        drop(runner);
        Self { service, cast: founded.cast, clock, folder }
    }

    /// The service of the same bank, begun again.
    pub fn again(self) -> Self {
        let Self { service, cast, clock, folder } = self;
        drop(service);
        let kept = folder.path().join("bank.sqlite");
        let kept = kept.to_str().unwrap();
        let (secure, oidc) = (false, None);
        let place = Place { folder: folder.path(), store: kept, bank: "demo", secure, oidc };
        let tells = Arc::clone(&clock);
        let tell: engine::Clock = Arc::new(move || tells.load(Ordering::Relaxed));
        // The one before lets go of the bank once its last request is answered.
        let service = loop {
            if let Ok(service) = Service::start(&place, roomy(), Arc::clone(&tell)) {
                break service;
            }
            std::thread::yield_now();
        };
        Self { service, cast, clock, folder }
    }

    /// Somebody removes the full-text index.
    pub fn forgets_its_index(&self) {
        std::fs::remove_dir_all(self.folder.path().join("search")).unwrap();
    }

    pub fn now(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub fn pass(&self, time: i64) {
        self.clock.fetch_add(time, Ordering::Relaxed);
    }

    /// Makes it a bank of a demonstration, whose people and password anybody may read.
    pub fn becomes_demonstration(&self) {
        std::fs::write(self.folder.path().join("made-by-demo"), "").unwrap();
    }

    /// Nobody in particular.
    pub fn nobody(&self) -> Client {
        Client::nobody(self.service.address)
    }

    /// Somebody with a session.
    pub fn client(&self, operator: &str) -> Client {
        self.client_who(operator, Standing::default())
    }

    pub fn client_who(&self, operator: &str, standing: Standing) -> Client {
        Client::with(self.service.address, self.service.begin(operator, standing))
    }

    /// Somebody who has signed in with their password.
    pub fn sign_in(&self, operator: &str) -> Client {
        self.known(operator);
        Client::sign_in(self.service.address, operator, PASSWORD)
    }

    /// Gives somebody the password of all.
    pub fn known(&self, operator: &str) {
        self.service.password(operator, PASSWORD, self.now());
    }
}
