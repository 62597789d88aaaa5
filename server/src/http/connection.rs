//! Connections on which nothing happens. The server below knows a limit for the first head alone: a second one that never
//! ends, or an answer that is never read, would hold its connection for ever.

use actix_web::{dev::Extensions, rt::net::TcpStream};
use std::{
    any::Any,
    cell::Cell,
    fs,
    net::Shutdown,
    os::fd::AsFd,
    rc::{Rc, Weak},
    time::Duration,
};
use tokio::time::{Instant, sleep_until};

/// Connections of the whole process at most.
const MOST: usize = 4096;
/// Files that are no connections: the database's, the listeners, what is served.
const OTHER_FILES: usize = 128;

/// One connection, and when something last happened on it: a request began, or a piece of it or of its answer went through.
#[derive(Debug)]
pub struct Connection {
    moved: Cell<Instant>,
    /// A second handle, since the first is the server's own. It is let go with the first.
    stream: std::net::TcpStream,
}

impl Connection {
    /// Something happened.
    pub fn moved(&self) {
        self.moved.set(Instant::now());
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
    let due = connection.moved.get() + patience;
    if due > Instant::now() {
        return Some(due);
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
