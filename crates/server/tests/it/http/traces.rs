//! Traces of requests reach a collector, and one that is not there is in nobody's way.

use super::house::House;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

const PARENT: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

/// Takes one batch, and answers with what was sent.
fn collector() -> (String, JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    (address, thread::spawn(move || batch(listener.accept().unwrap().0)))
}

fn batch(mut from: TcpStream) -> Vec<u8> {
    let mut sent = Vec::new();
    let mut piece = [0; 4_096];
    loop {
        let read = from.read(&mut piece).unwrap();
        sent.extend_from_slice(&piece[..read]);
        let head = sent.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        let Some(head) = head else { continue };
        let text = String::from_utf8_lossy(&sent[..head]).to_lowercase();
        let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.expect("the length is said").trim().parse().unwrap();
        if sent.len() >= head + 4 + length {
            from.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                .unwrap();
            return sent;
        }
    }
}

fn has(sent: &[u8], words: &[u8]) -> bool {
    sent.windows(words.len()).any(|bytes| bytes == words)
}

#[test]
fn a_collector_learns_of_each_request_and_whose_it_is() {
    let house = House::open();
    let (address, sent) = collector();
    house.service.trace_to(&address);
    let traced = format!("00-{PARENT}-00f067aa0ba902b7-01");
    let headers = [("traceparent", traced.as_str()), ("X-Request-Id", "of-the-test")];
    house.nobody().call("GET", "/accounts/6217", None, &headers).refuses(401, "NotSignedIn");
    house.service.stop_traces();
    let sent = sent.join().unwrap();
    assert!(sent.starts_with(b"POST /v1/traces HTTP/1.1\r\n"));
    for words in ["piaohao", "GET /api/v1/accounts/{number}", "of-the-test"] {
        assert!(has(&sent, words.as_bytes()), "{words}");
    }
    // Numbers of accounts stay here.
    assert!(!has(&sent, b"6217"));
    let parent: Vec<u8> =
        (0..16).map(|at| u8::from_str_radix(&PARENT[2 * at..2 * at + 2], 16).unwrap()).collect();
    assert!(has(&sent, &parent), "it is a part of the trace that it came with");
}

#[test]
fn a_collector_that_is_gone_is_in_nobodys_way() {
    let house = House::open();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    house.service.trace_to(&address);
    house.client("cai").get("/accounts").is(200);
    house.service.stop_traces();
}
