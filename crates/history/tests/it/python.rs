//! Other people's programs, installed from the Python package index into the target folder, once.
//! The tests of the program use this file too.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// The Python environment with the libraries, made when it is missing.
pub fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let lock = File::create(folder.join("books-venv.lock")).unwrap();
    // Tests may run in processes of their own: one makes the environment, the others wait.
    lock.lock().unwrap();
    let (venv, done) = (folder.join("books-venv"), folder.join("books-venv/complete"));
    if !done.exists() {
        run(Command::new("python3").args(["-m", "venv"]).arg(&venv), "python3 makes no venv");
        let mut pip = Command::new(venv.join("bin/pip"));
        pip.args(["install", "--quiet", "--disable-pip-version-check"]);
        pip.args(["pyarrow", "duckdb", "moto[server]"]);
        run(&mut pip, "pip cannot install pyarrow, duckdb and moto: is PyPI in reach?");
        File::create(done).unwrap();
    }
    venv.join("bin")
}

pub fn run(command: &mut Command, says: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{says}: {error}"));
    assert!(output.status.success(), "{says}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// An S3 server on the loopback, stopped when it goes out of scope.
pub struct S3(Child, u16);

impl S3 {
    pub fn start(bucket: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Command::new(python().join("moto_server"));
        server.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
        let mut child = server.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let server = Self(child, port);
        let ready = said.any(|line| line.is_ok_and(|line| line.contains("Running on")));
        assert!(ready, "the S3 server does not start");
        // What it says later is read too, or it would wait for its full pipe.
        std::thread::spawn(move || said.for_each(drop));
        let request = format!(
            "PUT /{bucket} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\
             Connection: close\r\n\r\n"
        );
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).unwrap();
        let _ = stream.read_to_string(&mut answer);
        assert!(answer.starts_with("HTTP/1.1 200"), "the bucket is not made: {answer}");
        server
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.1)
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
