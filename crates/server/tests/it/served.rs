//! A node that serves a home, as a client across the network sees it.

use crate::program::Place;
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What every operator of a demonstration signs in with.
pub const PASSWORD: &str = "Piaohao-2026";

/// However slow the machine: longer than this nothing takes.
pub const LONG: Duration = Duration::from_secs(60);

/// A running `piaohao serve`, killed when it is dropped.
pub struct Served {
    child: Child,
    pub at: String,
}

/// An answer of the service.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("{self:?}"))
    }
}

/// Who is signed in: a cookie, and the token against forgery.
#[derive(Clone, Debug)]
pub struct Signed {
    cookie: String,
    csrf: String,
}

impl Served {
    /// Serves a home at a port that is free; answers once it can be reached.
    pub fn start(place: &Place, home: &Path) -> Self {
        Self::of(place.command_at(home, &["--json", "serve", "--listen", "127.0.0.1:0"]))
    }

    pub fn of(mut command: Command) -> Self {
        command.env("PIAOHAO_LOG", "warn").stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let at = loop {
            line.clear();
            let read = out.read_line(&mut line).unwrap();
            assert!(read > 0, "the service ended before it served");
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = said["serving"].as_str() {
                let (_, at) = address.split_once("://").unwrap();
                break at.to_owned();
            }
        };
        Self { child, at }
    }

    /// One request on a connection of its own; `None` if nobody answers.
    pub fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> Option<Answer> {
        ask(&self.at, method, path, head, body)
    }

    /// What `/ready` says: `writer`, `follower` or `stopped`.
    pub fn role(&self) -> String {
        self.ask("GET", "/ready", "", "").map(|answer| answer.text).unwrap_or_default()
    }

    #[track_caller]
    pub fn becomes(&self, role: &str) {
        until(|| self.role() == role);
    }

    pub fn sign_in(&self, operator: &str) -> Signed {
        let form = serde_json::json!({ "operator": operator, "password": PASSWORD });
        let answer = self.ask("POST", "/api/v1/session", "", &form.to_string()).unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        let cookie = answer.head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            let value = name.eq_ignore_ascii_case("set-cookie").then_some(value)?;
            value.split(';').next()
        });
        let csrf = answer.json()["csrf"].as_str().unwrap().to_owned();
        Signed { cookie: cookie.unwrap().to_owned(), csrf }
    }

    /// Signals the process by its id: `TERM`, `KILL`, `STOP`, `CONT`.
    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    pub fn wait(&mut self) {
        self.child.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // One that has ended cannot be killed, which is as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Signed {
    /// Headers of a write.
    pub fn head(&self, key: &str) -> String {
        format!(
            "Cookie: {}\r\nX-CSRF-Token: {}\r\nIdempotency-Key: {key}\r\n",
            self.cookie, self.csrf
        )
    }
}

/// As [`Served::ask`], for who only knows the address.
pub fn ask(at: &str, method: &str, path: &str, head: &str, body: &str) -> Option<Answer> {
    let stream = TcpStream::connect(at).ok()?;
    stream.set_read_timeout(Some(LONG)).ok()?;
    ask_over(stream, at, (method, path), head, body)
}

/// As [`ask`], on a connection that stands.
pub fn ask_over(
    mut stream: impl Read + Write,
    at: &str,
    (method, path): (&str, &str),
    head: &str,
    body: &str,
) -> Option<Answer> {
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\n{head}\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), text: body.to_owned() })
}

/// Looks again and again until it holds; fails after long.
#[track_caller]
pub fn until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < LONG, "it never came about");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}
