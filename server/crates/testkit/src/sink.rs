//! An SMTP server (RFC 5321) that behaves as a test wants, and keeps what it took.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// What becomes of a mail.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// It is taken.
    Take,
    /// It is taken when the sink is [`release`](Sink::release)d: a server that is slow with it.
    Hold,
    /// Its receiver gets this reply.
    Receiver(&'static str),
    /// Its content gets this reply.
    Content(&'static str),
    /// Its receiver gets no reply.
    Hang,
    /// Its content is read, then the connection breaks: nobody knows whether it was taken.
    HangUp,
}

/// A mail that came.
#[derive(Debug, Clone)]
pub struct TakenMail {
    /// From the envelope.
    pub to: String,
    /// As it came after `DATA`, dots unstuffed.
    pub raw: String,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    /// Receivers, as often as they were named.
    named: Vec<String>,
    /// Mail whose content came, also if it was refused afterwards.
    content: Vec<TakenMail>,
    /// Mail that was taken.
    taken: Vec<TakenMail>,
}

type Rule = Box<dyn Fn(&str, usize) -> Answer + Send + Sync>;

/// The server.
pub struct Sink {
    address: String,
    rule: Rule,
    /// The reply to a sign-in, which is then offered.
    sign_in: Option<&'static str>,
    /// The reply to a sender.
    sender: Mutex<&'static str>,
    seen: Mutex<Seen>,
    changed: watch::Sender<()>,
    released: watch::Sender<bool>,
    /// Counts how often all connections were ended.
    ended: watch::Sender<usize>,
}

impl Sink {
    /// Listens. `rule` says what becomes of the mail to a receiver who was named so many times before.
    ///
    /// # Errors
    /// There is no free port.
    pub async fn start(
        rule: impl Fn(&str, usize) -> Answer + Send + Sync + 'static,
    ) -> io::Result<Arc<Self>> {
        Self::listen(Box::new(rule), None).await
    }

    /// Listens, takes everything, but answers sign-ins with `reply`.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn locked(reply: &'static str) -> io::Result<Arc<Self>> {
        Self::listen(Box::new(|_, _| Answer::Take), Some(reply)).await
    }

    async fn listen(rule: Rule, sign_in: Option<&'static str>) -> io::Result<Arc<Self>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let sink = Arc::new(Self {
            address: listener.local_addr()?.to_string(),
            rule,
            sign_in,
            sender: Mutex::new("250 2.1.0 ok"),
            seen: Mutex::default(),
            changed: watch::Sender::new(()),
            released: watch::Sender::new(false),
            ended: watch::Sender::new(0),
        });
        let server = Arc::clone(&sink);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = Arc::clone(&server);
                tokio::spawn(async move { server.converse(stream).await });
            }
        });
        Ok(sink)
    }

    /// What `SMTP_URL` would be.
    pub fn url(&self) -> String {
        match self.sign_in {
            Some(_) => format!("smtp://user:secret@{}", self.address),
            None => format!("smtp://{}", self.address),
        }
    }

    /// Answers senders with `reply` from now on.
    pub fn answer_senders(&self, reply: &'static str) {
        *self.sender.lock().unwrap_or_else(PoisonError::into_inner) = reply;
    }

    /// Takes what is held, and holds nothing more.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    /// Ends all connections on which nothing is said at the moment.
    pub fn hang_up(&self) {
        self.ended.send_modify(|count| *count += 1);
    }

    /// How many connections there were.
    pub fn connections(&self) -> usize {
        self.seen().connections
    }

    /// Waits until `count` mails were taken, and returns all in the order in which they were.
    pub async fn taken(&self, count: usize) -> Vec<TakenMail> {
        self.until(|seen| (seen.taken.len() >= count).then(|| seen.taken.clone()))
            .await
    }

    /// Waits until the content of `count` mails has come, taken or not, and returns them.
    pub async fn content(&self, count: usize) -> Vec<TakenMail> {
        self.until(|seen| (seen.content.len() >= count).then(|| seen.content.clone()))
            .await
    }

    /// Waits until receivers of whom `wanted` is true were named `count` times.
    pub async fn named(&self, count: usize, wanted: impl Fn(&str) -> bool) {
        self.until(|seen| (seen.named.iter().filter(|to| wanted(to)).count() >= count).then_some(()))
            .await;
    }

    /// How many times receivers of whom `wanted` is true were named.
    pub fn count_named(&self, wanted: impl Fn(&str) -> bool) -> usize {
        self.seen().named.iter().filter(|to| wanted(to)).count()
    }

    async fn until<T>(&self, found: impl Fn(&Seen) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        loop {
            changes.mark_unchanged();
            if let Some(found) = found(&self.seen()) {
                return found;
            }
            let _more = changes.changed().await;
        }
    }

    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen());
        self.changed.send_replace(());
    }

    /// Says what a receiver gets, and remembers that they were named.
    fn judge(&self, to: &str) -> Answer {
        let before = self.seen().named.iter().filter(|named| *named == to).count();
        self.note(|seen| seen.named.push(to.to_owned()));
        (self.rule)(to, before)
    }

    /// Ends when the other side does, or when a rule says so.
    async fn converse(&self, stream: TcpStream) -> Option<()> {
        self.note(|seen| seen.connections += 1);
        let mut ended = self.ended.subscribe();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read);
        write.write_all(b"220 sink\r\n").await.ok()?;
        let (mut to, mut answer) = (String::new(), Answer::Take);
        loop {
            let line = tokio::select! {
                line = line(&mut lines) => line?,
                _ = ended.changed() => return None,
            };
            let command = line.trim_end().to_ascii_uppercase();
            let reply = if command.starts_with("EHLO") {
                match self.sign_in {
                    Some(_) => "250-sink\r\n250 AUTH PLAIN LOGIN",
                    None => "250 sink",
                }
            } else if command.starts_with("AUTH") {
                self.sign_in.unwrap_or("503 5.5.1 no")
            } else if command.starts_with("MAIL") {
                *self.sender.lock().unwrap_or_else(PoisonError::into_inner)
            } else if command.starts_with("RCPT") {
                let named = line.split(['<', '>']).nth(1).unwrap_or_default();
                (to, answer) = (named.to_owned(), self.judge(named));
                match answer {
                    Answer::Receiver(reply) => reply,
                    Answer::Hang => std::future::pending().await,
                    _ => "250 2.1.5 ok",
                }
            } else if command == "DATA" {
                write.write_all(b"354 go on\r\n").await.ok()?;
                let raw = content(&mut lines).await?;
                let mail = TakenMail { to: to.clone(), raw };
                self.note(|seen| seen.content.push(mail.clone()));
                match answer {
                    Answer::Content(reply) => reply,
                    Answer::HangUp => return None,
                    _ => {
                        if let Answer::Hold = answer {
                            let mut released = self.released.subscribe();
                            let _released = released.wait_for(|released| *released).await;
                        }
                        self.note(|seen| seen.taken.push(mail));
                        "250 2.0.0 taken"
                    }
                }
            } else {
                "250 2.0.0 ok"
            };
            write.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
            if command == "QUIT" {
                return None;
            }
        }
    }
}

/// The next line with its end; none when the other side has hung up.
async fn line(lines: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut line = Vec::new();
    let read = lines.read_until(b'\n', &mut line).await.ok()?;
    (read > 0).then(|| String::from_utf8_lossy(&line).into_owned())
}

/// What comes before the lonely dot (RFC 5321 4.5.2).
async fn content(lines: &mut (impl AsyncBufReadExt + Unpin)) -> Option<String> {
    let mut raw = String::new();
    loop {
        let line = line(lines).await?;
        if line == ".\r\n" {
            return Some(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
