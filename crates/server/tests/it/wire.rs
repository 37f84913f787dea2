//! A small client of HTTP/1.1 that says exactly what a test tells it to, be it right or wrong.

use serde_json::Value;
use server::testing::Browser;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// As long as a test waits for an answer.
const PATIENCE: Duration = Duration::from_secs(40);

/// What was answered.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    /// Whether what follows has no end.
    fn streams(&self) -> bool {
        self.header("content-type").is_some_and(|media| media.starts_with("text/event-stream"))
    }

    /// The code of the refusal; empty if it is none.
    pub fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        body["code"].as_str().unwrap_or_default().to_owned()
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Refused with this status and code, as a problem that says where and in both languages.
    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Self {
        let reply = self.is(status);
        assert_eq!(reply.code(), code, "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("application/problem+json"));
        reply
    }
}

/// One connection.
pub struct Wire(BufReader<TcpStream>);

impl Wire {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.get_mut().write_all(bytes.as_ref())
    }

    /// What comes within this time; `None` once the other side has hung up.
    pub fn glance(&mut self, time: Duration) -> Option<String> {
        self.0.get_mut().set_read_timeout(Some(time)).unwrap();
        let mut bytes = [0; 4_096];
        let read = self.0.get_mut().read(&mut bytes);
        self.0.get_mut().set_read_timeout(Some(PATIENCE)).unwrap();
        match read {
            Ok(0) => None,
            Ok(count) => Some(String::from_utf8_lossy(&bytes[..count]).into_owned()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Some(String::new()),
            Err(_) => None,
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(line.trim_end().to_owned())
    }

    fn bytes(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub fn reply(&mut self) -> io::Result<Reply> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut reply = Reply { status, headers, body: Vec::new() };
        if reply.streams() {
            // Events have no end: whoever wants them reads on.
            return Ok(reply);
        }
        if reply.header("transfer-encoding") == Some("chunked") {
            loop {
                let size = usize::from_str_radix(&self.line()?, 16).unwrap_or(0);
                let piece = self.bytes(size)?;
                self.line()?;
                reply.body.extend(piece);
                if size == 0 {
                    break;
                }
            }
        } else if let Some(length) = reply.header("content-length") {
            reply.body = self.bytes(length.parse().unwrap())?;
        }
        Ok(reply)
    }
}

/// Somebody who asks: a browser that keeps a cookie and sends its token, or a system.
pub struct Client {
    pub address: SocketAddr,
    pub browser: Option<Browser>,
    pub bearer: Option<String>,
    wire: Option<Wire>,
}

impl Client {
    pub fn nobody(address: SocketAddr) -> Self {
        Self { address, browser: None, bearer: None, wire: None }
    }

    pub fn with(address: SocketAddr, browser: Browser) -> Self {
        Self { browser: Some(browser), ..Self::nobody(address) }
    }

    /// Signs in and keeps what a browser would.
    pub fn sign_in(address: SocketAddr, operator: &str, password: &str) -> Self {
        let mut client = Self::nobody(address);
        let form = serde_json::json!({ "operator": operator, "password": password });
        let reply = client.post("/session", &form).is(200);
        let cookie = reply.header("set-cookie").unwrap();
        let (_, cookie) = cookie.split_once('=').unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let csrf = reply.json()["csrf"].as_str().unwrap().to_owned();
        client.browser = Some(Browser { cookie, csrf });
        client
    }

    pub fn get(&mut self, path: &str) -> Reply {
        self.call("GET", path, None, &[])
    }

    pub fn post(&mut self, path: &str, body: &Value) -> Reply {
        self.call("POST", path, Some(body.to_string().as_bytes()), &[])
    }

    /// Asks for a path under `/api/v1`, or for one that begins with another root (`//health`).
    pub fn call(
        &mut self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Reply {
        let path = match path.strip_prefix("//") {
            Some(path) => format!("/{path}"),
            None => format!("/api/v1{path}"),
        };
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n", self.address);
        if let Some(Browser { cookie, csrf }) = &self.browser {
            head += &format!("Cookie: piaohao_session={cookie}\r\nX-CSRF-Token: {csrf}\r\n");
        }
        if let Some(token) = &self.bearer {
            head += &format!("Authorization: Bearer {token}\r\n");
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        let is_json = body.is_some() && !headers.iter().any(|(name, _)| *name == "Content-Type");
        if is_json {
            head += "Content-Type: application/json\r\n";
        }
        let body = body.unwrap_or_default();
        head += &format!("Content-Length: {}\r\n\r\n", body.len());
        let request = [head.as_bytes(), body].concat();
        // A connection that was kept may have been closed meanwhile; a new one has not.
        let kept = self.wire.take().and_then(|wire| Self::asked(wire, &request).ok());
        let asked = kept.map_or_else(|| Self::asked(Wire::connect(self.address), &request), Ok);
        let (wire, reply) = asked.unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let ends = reply.header("connection") == Some("close") || reply.streams();
        self.wire = (!ends).then_some(wire);
        reply
    }

    fn asked(mut wire: Wire, request: &[u8]) -> io::Result<(Wire, Reply)> {
        wire.send(request)?;
        let reply = wire.reply()?;
        Ok((wire, reply))
    }
}
