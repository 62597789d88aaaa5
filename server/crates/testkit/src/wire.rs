//! What goes over the wire to PostgreSQL, counted: a proxy that reads the protocol (PostgreSQL documentation, 55.7).

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UnixStream},
};

/// What a path costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Trips {
    /// How often the server was asked and its answer awaited: each ends with `ReadyForQuery`. Without those that a statement
    /// takes the first time on a connection.
    pub trips: usize,
    /// Trips that prepared a statement for the first time on a connection.
    pub prepared: usize,
    /// Statements that it executed, without those that begin and end transactions.
    pub statements: usize,
    /// Transactions made to last by `COMMIT`.
    pub commits: usize,
    /// Trips that asked for nothing but a sign of life.
    pub pings: usize,
    /// Bytes in both directions.
    pub bytes: usize,
}

#[derive(Default)]
struct Seen {
    total: Trips,
    /// What it executed last, in order.
    texts: Vec<String>,
}

/// A proxy in front of a database.
#[derive(Clone)]
pub struct Wire(Arc<Mutex<Seen>>);

/// For how long nothing may pass until what was begun counts as over.
const QUIET: Duration = Duration::from_millis(60);

impl Wire {
    /// Starts one in front of the server of `options`, and tells where it is reached.
    ///
    /// # Errors
    /// No port is free.
    pub async fn start(options: &PgConnectOptions) -> io::Result<(Self, PgConnectOptions)> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let folder = options
            .get_socket()
            .cloned()
            .unwrap_or_else(|| options.get_host().into());
        let socket = folder.join(format!(".s.PGSQL.{}", options.get_port()));
        let wire = Self(Arc::default());
        let counting = wire.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = UnixStream::connect(&socket).await else {
                    return;
                };
                let _unsupported = client.set_nodelay(true);
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let (asked, answered) = (counting.clone(), counting.clone());
                tokio::spawn(async move { pass(from_client, to_server, Front { wire: asked }).await });
                tokio::spawn(async move {
                    pass(
                        from_server,
                        to_client,
                        Back {
                            wire: answered,
                            trip: Trip::default(),
                        },
                    )
                    .await
                });
            }
        });
        // TCP, whatever the options said before.
        let reached = PgConnectOptions::new_without_pgpass()
            .host("127.0.0.1")
            .port(port)
            .username(options.get_username())
            .database(options.get_database().unwrap_or_default())
            .ssl_mode(PgSslMode::Disable);
        Ok((wire, reached))
    }

    /// What has passed since it was asked last, once nothing passes any more.
    pub async fn take(&self) -> Trips {
        let mut before = self.seen(|seen| seen.total.bytes);
        loop {
            tokio::time::sleep(QUIET).await;
            let now = self.seen(|seen| seen.total.bytes);
            if now == before {
                return self.seen(|seen| {
                    seen.texts.clear();
                    std::mem::take(&mut seen.total)
                });
            }
            before = now;
        }
    }

    /// What was executed since it was asked last, for whoever wonders about a count.
    pub fn texts(&self) -> Vec<String> {
        self.seen(|seen| seen.texts.clone())
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One direction of the protocol.
trait Direction {
    /// Whether the first message has no type, as that of a client.
    const STARTS_UNTYPED: bool;
    fn wire(&self) -> &Wire;
    fn message(&mut self, kind: u8, body: &[u8]);
}

struct Front {
    wire: Wire,
}

impl Direction for Front {
    const STARTS_UNTYPED: bool = true;

    fn wire(&self) -> &Wire {
        &self.wire
    }

    fn message(&mut self, kind: u8, body: &[u8]) {
        let text = |from: usize| {
            let body = body.get(from..).unwrap_or_default();
            let end = body.iter().position(|byte| *byte == 0).unwrap_or(body.len());
            String::from_utf8_lossy(&body[..end]).into_owned()
        };
        let text = match kind {
            b'Q' => format!("Q {}", text(0)),
            b'P' => {
                let name = body.iter().position(|byte| *byte == 0).unwrap_or(0);
                format!("P {}", text(name + 1))
            }
            b'E' => "E".to_owned(),
            b'S' => "S".to_owned(),
            _ => return,
        };
        self.wire.seen(|seen| seen.texts.push(text));
    }
}

struct Back {
    wire: Wire,
    /// What the current trip has come to.
    trip: Trip,
}

#[derive(Default)]
struct Trip {
    parsed: bool,
    executed: bool,
}

impl Direction for Back {
    const STARTS_UNTYPED: bool = false;

    fn wire(&self) -> &Wire {
        &self.wire
    }

    fn message(&mut self, kind: u8, body: &[u8]) {
        match kind {
            b'C' => {
                self.trip.executed = true;
                let verb = body
                    .split(|byte| *byte == b' ' || *byte == 0)
                    .next()
                    .unwrap_or_default();
                self.wire.seen(|seen| match verb {
                    b"COMMIT" => seen.total.commits += 1,
                    b"BEGIN" | b"ROLLBACK" => {}
                    _ => seen.total.statements += 1,
                });
            }
            b'E' | b'I' => self.trip.executed = true,
            b'1' => self.trip.parsed = true,
            b'Z' => {
                let Trip { parsed, executed } = std::mem::take(&mut self.trip);
                self.wire.seen(|seen| {
                    let prepared = parsed && !executed;
                    seen.total.trips += usize::from(!prepared);
                    seen.total.prepared += usize::from(prepared);
                    seen.total.pings += usize::from(!parsed && !executed);
                });
            }
            _ => {}
        }
    }
}

async fn pass<D: Direction>(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut direction: D,
) -> io::Result<()> {
    let mut untyped = D::STARTS_UNTYPED;
    loop {
        let kind = if untyped { 0 } else { from.read_u8().await? };
        let length = from.read_u32().await?;
        let mut body = vec![0; (length as usize).saturating_sub(4)];
        from.read_exact(&mut body).await?;
        if !untyped {
            to.write_u8(kind).await?;
            direction.wire().seen(|seen| seen.total.bytes += 5 + body.len());
            direction.message(kind, &body);
        }
        to.write_u32(length).await?;
        to.write_all(&body).await?;
        to.flush().await?;
        untyped = false;
    }
}
