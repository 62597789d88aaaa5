//! Connections on which nothing happens. The server below knows a limit for the first head alone: a second one that never
//! ends, or an answer that is never read, would hold its connection for ever. Whoever keeps a connection waiting loses it;
//! where that is a handler of ours, its client is told.

use actix_web::{dev::Extensions, rt::net::TcpStream};
use std::{
    any::Any,
    cell::{Cell, RefCell},
    fs,
    net::Shutdown,
    os::fd::AsFd,
    rc::{Rc, Weak},
    time::Duration,
};
use tokio::time::{Instant, sleep_until};
use tracing::Span;

/// Connections of the whole process at most.
const MOST: usize = 4096;
/// Files that are no connections: the database's, the listeners, what is served.
const OTHER_FILES: usize = 128;

/// One connection, and when something last happened on it: a request began, or a piece of it or of its answer went through.
#[derive(Debug)]
pub struct Connection {
    moved: Cell<Instant>,
    turn: RefCell<Turn>,
    /// A second handle, since the first is the server's own. It is let go with the first.
    stream: std::net::TcpStream,
}

/// Whom a connection waits for.
#[derive(Debug)]
enum Turn {
    /// The client, to send or to read.
    Client,
    /// A handler, to answer.
    Handler,
    /// The rest of an answer that has begun, to the request of this span.
    Answer(Span),
}

impl Connection {
    /// A request, or a piece of it, came: a handler is to answer.
    pub fn received(&self) {
        self.moved_to(Turn::Handler);
    }

    /// An answer, or a piece of it, is there: the client is to take it.
    pub fn answered(&self) {
        self.moved_to(Turn::Client);
    }

    /// A handler waits for a body.
    pub fn waits_for_client(&self) {
        self.turn.replace(Turn::Client);
    }

    /// The client waits for the rest of an answer.
    pub fn waits_for_answer(&self) {
        self.turn.replace(Turn::Answer(Span::current()));
    }

    /// Returns when a handler has kept the client waiting for `patience`.
    pub async fn stuck(&self, patience: Duration) {
        loop {
            let now = Instant::now();
            let due = self.moved.get() + patience;
            let with_handler = matches!(*self.turn.borrow(), Turn::Handler);
            if due <= now && with_handler {
                return;
            }
            sleep_until(due.max(now + patience / 8)).await;
        }
    }

    fn moved_to(&self, turn: Turn) {
        self.moved.set(Instant::now());
        self.turn.replace(turn);
    }
}

/// Remembers a new connection and closes it when nothing has happened on it for `patience`.
pub fn watch(stream: &dyn Any, data: &mut Extensions, patience: Duration) {
    let Some(handle) = stream
        .downcast_ref::<TcpStream>()
        .and_then(|stream| stream.as_fd().try_clone_to_owned().ok())
    else {
        return;
    };
    let connection = Rc::new(Connection {
        moved: Cell::new(Instant::now()),
        turn: RefCell::new(Turn::Client),
        stream: handle.into(),
    });
    actix_web::rt::spawn(close_when_still(Rc::downgrade(&connection), patience));
    data.insert(connection);
}

async fn close_when_still(connection: Weak<Connection>, patience: Duration) {
    while let Some(due) = look(&connection, patience) {
        sleep_until(due).await;
    }
}

/// When to look again, unless the connection is gone or was closed now.
fn look(connection: &Weak<Connection>, patience: Duration) -> Option<Instant> {
    let connection = connection.upgrade()?;
    let (now, due) = (Instant::now(), connection.moved.get() + patience);
    if due > now {
        return Some(due);
    }
    match &*connection.turn.borrow() {
        Turn::Client => {}
        // It is answered as a fault; see `faults`.
        Turn::Handler => return Some(now + patience),
        Turn::Answer(request) => request.in_scope(|| tracing::error!("the answer stopped half-way")),
    }
    // Fails when the other side was faster.
    let _closed = connection.stream.shutdown(Shutdown::Both);
    None
}

/// Connections that each of `workers` may hold. Each takes two files, and what the process may open is shared.
pub fn most(workers: usize) -> usize {
    let files = fs::read_to_string("/proc/self/limits")
        .ok()
        .and_then(|limits| open_files(&limits))
        .unwrap_or(MOST);
    let total = (files.saturating_sub(OTHER_FILES) / 2).clamp(64, MOST);
    (total / workers.max(1)).max(1)
}

fn open_files(limits: &str) -> Option<usize> {
    let line = limits
        .lines()
        .find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const STILL: Duration = Duration::ZERO;

    fn connection() -> (Rc<Connection>, std::net::TcpStream) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.set_nonblocking(true).unwrap();
        let connection = Connection {
            moved: Cell::new(Instant::now()),
            turn: RefCell::new(Turn::Client),
            stream: listener.accept().unwrap().0,
        };
        (Rc::new(connection), client)
    }

    fn is_open(client: &mut std::net::TcpStream) -> bool {
        client.read(&mut [0]).is_err()
    }

    #[actix_web::test]
    async fn a_connection_is_closed_under_whoever_is_slow_but_a_handler() {
        let (connection, mut client) = connection();
        connection.received();
        assert!(look(&Rc::downgrade(&connection), STILL).is_some());
        assert!(is_open(&mut client));
        connection.stuck(STILL).await;
        for waits in [Connection::waits_for_answer, Connection::waits_for_client] {
            let (connection, mut client) = self::connection();
            connection.received();
            waits(&connection);
            assert!(look(&Rc::downgrade(&connection), Duration::from_secs(60)).is_some());
            assert!(is_open(&mut client));
            assert!(look(&Rc::downgrade(&connection), STILL).is_none());
            assert!(!is_open(&mut client));
        }
    }

    #[test]
    fn the_limit_of_open_files_is_read_from_the_kernels_table() {
        let table = "Limit                     Soft Limit           Hard Limit           Units\n\
                     Max processes             127198               127198               processes\n\
                     Max open files            1024                 524288               files\n";
        assert_eq!(open_files(table), Some(1024));
        assert_eq!(
            open_files("Max open files            unlimited            unlimited            files"),
            None
        );
    }
}
