//! Connections: how many there may be at once, and how long one may take to say what it wants.

use super::config::Limits;
use axum_server::accept::Accept;
use axum_server::{Handle, Server};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::time::Duration;

/// Streams that one connection of HTTP/2 may have open.
const STREAMS: u32 = 128;

/// Bytes of all headers of a request.
const HEADERS: usize = 64 << 10;

/// Lets no more connections in than there is room for.
#[derive(Clone)]
pub struct Bounded<A> {
    inner: A,
    handle: Handle<SocketAddr>,
    room: usize,
}

type Accepting<T, S> = Pin<Box<dyn Future<Output = io::Result<(T, S)>> + Send>>;

impl<A, I, S> Accept<I, S> for Bounded<A>
where
    A: Accept<I, S>,
    A::Future: Send + 'static,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = Accepting<A::Stream, A::Service>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        // This one is counted already.
        if self.handle.connection_count() > self.room {
            metrics::counter!("piaohao_connections_refused_total").increment(1);
            return Box::pin(async { Err(io::Error::other("too many connections")) });
        }
        Box::pin(self.inner.accept(stream, service))
    }
}

/// The server with its limits: who is slow to say what they want is hung up on, since a connection
/// that says nothing costs its sender nothing.
pub fn bounded<A>(
    server: Server<SocketAddr, A>,
    handle: &Handle<SocketAddr>,
    limits: &Limits,
) -> Server<SocketAddr, Bounded<A>> {
    let patience = Duration::from_secs(limits.header_seconds);
    let mut server = server.handle(handle.clone()).first_request_timeout(patience);
    let builder = server.http_builder();
    builder.http1().header_read_timeout(patience).max_buf_size(HEADERS);
    let mut http2 = builder.http2();
    http2.max_concurrent_streams(STREAMS);
    http2.max_header_list_size(u32::try_from(HEADERS).unwrap_or(u32::MAX));
    http2.keep_alive_interval(patience).keep_alive_timeout(patience);
    let (handle, room) = (handle.clone(), limits.connections);
    server.map(|inner| Bounded { inner, handle, room })
}
