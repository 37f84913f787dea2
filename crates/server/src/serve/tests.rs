//! The interface asked in the process itself, on a small bank in a folder of its own.

mod audit;
mod day;
mod reads;
mod search;

use super::api;
use super::app::App;
use super::config::Limits;
use super::node::{Node, Role};
use super::sign_in::Proved;
use super::trail;
use crate::cli::{Global, Lang, RulebookSource};
use crate::home::{self, Config, Home, Running};
use crate::output::Output;
use crate::rulebook;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use bank::Command;
use bank::form::{AccountForm, InstitutionForm, OperatorForm};
use bank::office::form::RequestForm;
use bank::office::signin::Policy;
use ledger::Day;
use ledger::chart::Title;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use std::sync::Arc;
use tempfile::TempDir;
use tower::ServiceExt as _;

/// The account of a customer at the branch.
const CUSTOMER: &str = "6001-01";

/// Number, institution and posts.
const PEOPLE: [(&str, &str, &str); 7] = [
    ("zong", "0000", "ops_head"),
    ("shen", "0000", "auditor"),
    ("hua", "0000", "cash_clerk"),
    ("ke", "0000", "parameter_clerk"),
    ("cai", "0101", "branch_supervisor"),
    ("ana", "0101", "teller"),
    ("ji", "0102", "branch_supervisor"),
];

/// A bank that is served.
struct Bank {
    app: App,
    router: Router,
    _folder: TempDir,
}

/// Somebody who has signed in.
struct Signed {
    cookie: String,
    csrf: String,
}

fn found(folder: &TempDir) -> (Home, Running) {
    let config = Config {
        store: "books.db".to_owned(),
        archive: "archive".to_owned(),
        bank: "small".to_owned(),
        serve: None,
    };
    let out = Output::new(&Global {
        home: folder.path().to_owned(),
        lang: Lang::En,
        json: false,
        quiet: true,
        operator: "test".to_owned(),
    });
    let home = Home::found(folder.path(), config).unwrap();
    let title = |text: &str| Title { zh: text.to_owned(), en: text.to_owned() };
    let source = RulebookSource { rulebook: None, overlay: None };
    let running = home.create(title("小行"), rulebook::files(&source).unwrap(), &out).unwrap();
    let institution = |(code, parent): (&str, Option<&str>)| InstitutionForm {
        code: code.to_owned(),
        title: title(code),
        parent: parent.map(str::to_owned),
    };
    let tree = [("0000", None), ("0101", Some("0000")), ("0102", Some("0000"))].map(institution);
    let engine = &running.engine;
    engine.call(Command::AddInstitutions(tree.into())).unwrap();
    for institution in ["0000", "0101", "0102"].map(str::to_owned) {
        let kinds = vec!["cash_vault".to_owned()];
        engine.call(Command::OpenInternal { kinds, institution, unit: "CNY".to_owned() }).unwrap();
    }
    let operator = |(operator, institution, posts): (&str, &str, &str)| OperatorForm {
        operator: operator.to_owned(),
        name: format!("{operator} 某"),
        institution: institution.to_owned(),
        posts: posts.split(' ').map(str::to_owned).collect(),
    };
    engine.call(Command::Enrol(PEOPLE.map(operator).into())).unwrap();
    engine.call(Command::OpenDay { day: Some(Day::new(2026, 1, 5)) }).unwrap();
    let account = AccountForm {
        number: CUSTOMER.to_owned(),
        name: "王芳".to_owned(),
        kind: "personal_current".to_owned(),
        institution: "0101".to_owned(),
        unit: None,
        term: None,
    };
    engine.call(Command::OpenAccounts(vec![account])).unwrap();
    (home, running)
}

impl Bank {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (home, running) = found(&folder);
        let policy = running.engine.look(Policy::of).unwrap();
        let node = Node::new(home, Role::Writer(Arc::new(running)), 64);
        let figures = PrometheusBuilder::new().build_recorder().handle();
        let app = App::new(
            node,
            Limits::default(),
            (Arc::new(home::now), false),
            figures,
            (policy, None),
        );
        Self { router: api::router(app.clone()), app, _folder: folder }
    }

    /// A cabinet at the head office is ordered.
    fn with_cabinet_ordered(self) -> Self {
        let fields = json!({ "institution": "0000", "kind": "cabinet", "name": "A" });
        let order = json!({ "by": ["hua"], "do": "open", "code": "CASH-001", "fields": fields });
        self.run(&order)
    }

    /// It is set up: another approves the order.
    fn with_cabinet(self) -> Self {
        let approval = json!({ "by": ["zong"], "do": "act", "matter": 1 });
        self.with_cabinet_ordered().run(&approval)
    }

    fn run(self, request: &Value) -> Self {
        let running = self.app.node.writer().unwrap();
        let form: RequestForm = serde_json::from_value(request.clone()).unwrap();
        let request = form.request(home::now()).unwrap();
        running.engine.call(Command::Office(Box::new(request))).unwrap();
        self
    }

    async fn sign_in(&self, operator: &str) -> Signed {
        let proved = Proved { must_change: false, must_set_factor: false };
        let begun = self.app.sessions.begin(&self.app.node, operator, proved, home::now());
        let (text, session) = begun.await.unwrap();
        let cookie = format!("{}={text}", super::sign_in::COOKIE);
        Signed { cookie, csrf: session.csrf }
    }

    async fn send(
        &self,
        who: Option<&Signed>,
        (method, path): (Method, &str),
        body: &str,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
        if let Some(who) = who {
            request = request.header(header::COOKIE, &who.cookie).header("x-csrf-token", &who.csrf);
        }
        let request = request.header(header::CONTENT_TYPE, "application/json");
        let request = request.body(Body::from(body.to_owned())).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn get(&self, who: &Signed, path: &str) -> (u16, Value) {
        read(self.send(Some(who), (Method::GET, path), "").await).await
    }

    async fn post(&self, who: &Signed, path: &str, body: &str) -> (u16, Value) {
        read(self.send(Some(who), (Method::POST, path), body).await).await
    }

    /// Asserts that it is refused so.
    async fn refuses(&self, who: &Signed, path: &str, (status, code): (u16, &str)) {
        let (found, body) = self.get(who, path).await;
        assert_eq!((found, &body["code"]), (status, &Value::from(code)), "{path}: {body}");
    }
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let bytes = to_bytes(response.into_body(), 64 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

/// Every text of a key in a list of objects.
fn texts<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    let list = list.as_array().unwrap();
    list.iter().map(|one| one[key].as_str().unwrap_or_default()).collect()
}

const READS: [&str; 23] = [
    "/day",
    "/day/close",
    "/day/certificates",
    "/day/certificates/2026-01-05",
    "/institutions",
    "/operators",
    "/operators/ana",
    "/posts",
    "/rights",
    "/parameters",
    "/parameters/office.work_from",
    "/places",
    "/places/0000%2Fcabinet%2FA",
    "/things/cheque:A00000001",
    "/rulebook",
    "/rulebook/files/org%2Faccess.toml",
    "/rulebook/check",
    "/coverage",
    "/audit",
    "/audit/kinds",
    "/audit/chain",
    "/events",
    "/accounts/6001-01",
];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_reads_without_having_signed_in() {
    let bank = Bank::new();
    for path in READS {
        let response = bank.send(None, (Method::GET, path), "").await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{path}");
    }
    // Who is signed in and has no such right is refused, and not told that there is nothing.
    let ana = bank.sign_in("ana").await;
    let hers = ["/places", "/things", "/events", "/accounts"];
    for path in READS.iter().filter(|path| !hers.iter().any(|own| path.starts_with(own))) {
        bank.refuses(&ana, path, (403, "NotPermitted")).await;
    }
    let hua = bank.sign_in("hua").await;
    bank.refuses(&hua, "/accounts/6001-01", (403, "NotPermitted")).await;
    let ke = bank.sign_in("ke").await;
    for path in ["/places", "/places/0000%2Fvault", "/things/cheque:A00000001"] {
        bank.refuses(&ke, path, (403, "NotPermitted")).await;
    }
}
