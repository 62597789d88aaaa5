//! One mail after the other over one connection (RFC 5321 3.3).

use iam::port::MailError;
use lettre::{
    Address,
    transport::smtp::{
        Error,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Quit, Rcpt, Rset},
    },
};
use std::{error::Error as _, time::Duration};
use tokio::time::{Instant, timeout};

/// How many mails a connection carries; servers end those that carry many.
const MOST_MAILS: usize = 50;
/// After how long an idle connection is not trusted any more.
const IDLE: Duration = Duration::from_secs(30);
/// How long an idle connection may take to show that it lives, and a used one to become ready again.
const WAKING: Duration = Duration::from_secs(5);

/// Replies that say `5yz` but not that this mail will never be taken: commands out of order, a sign-in that is missing
/// (RFC 4954 6), and too many receivers or bytes for now (RFC 5321 4.5.3.1.10 has 552 for what is 452).
const PASSING: [&str; 8] = ["500", "502", "503", "504", "530", "534", "535", "552"];

/// Whom a reply is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// Us as a sender, whom every mail would meet.
    Us,
    /// This mail or its receiver.
    Mail,
}

/// A greeted, secured and signed-in connection.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    carried: usize,
    used_at: Instant,
    usable: bool,
}

impl Connection {
    pub(super) fn new(smtp: AsyncSmtpConnection) -> Self {
        Self {
            smtp,
            carried: 0,
            used_at: Instant::now(),
            usable: true,
        }
    }

    /// Transfers one mail.
    pub(super) async fn transfer(
        &mut self,
        from: &Address,
        to: Address,
        message: &[u8],
    ) -> Result<(), MailError> {
        self.usable = false;
        self.carried += 1;
        let outcome = self.speak(from, to, message).await;
        self.used_at = Instant::now();
        self.usable = match &outcome {
            Ok(()) => true,
            // A reply, so the server is there and the connection in order once the transaction is forgotten.
            Err((error, _)) if error.status().is_some() => self.reset().await,
            Err(_) => false,
        };
        outcome.map_err(|(error, about)| verdict(&error, about))
    }

    async fn speak(&mut self, from: &Address, to: Address, message: &[u8]) -> Result<(), (Error, About)> {
        let us = |error| (error, About::Us);
        let mail = |error| (error, About::Mail);
        let sender = Mail::new(Some(from.clone()), Vec::new());
        self.smtp.command(sender).await.map_err(us)?;
        self.smtp.command(Rcpt::new(to, Vec::new())).await.map_err(mail)?;
        self.smtp.command(Data).await.map_err(mail)?;
        self.smtp.message(message).await.map_err(mail)?;
        Ok(())
    }

    async fn reset(&mut self) -> bool {
        matches!(timeout(WAKING, self.smtp.command(Rset)).await, Ok(Ok(_)))
    }

    /// The connection, if it can carry another mail.
    pub(super) fn reusable(self) -> Option<Self> {
        if self.usable && self.carried < MOST_MAILS {
            return Some(self);
        }
        if self.usable {
            self.leave();
        }
        None
    }

    /// An idle connection, if it still lives.
    pub(super) async fn wake(mut self) -> Option<Self> {
        if self.used_at.elapsed() > IDLE {
            self.leave();
            return None;
        }
        self.reset().await.then_some(self)
    }

    /// Says goodbye (RFC 5321 4.1.1.10) without making anybody wait for it.
    pub(super) fn leave(mut self) {
        tokio::spawn(async move { timeout(WAKING, self.smtp.command(Quit)).await });
    }
}

/// What a failure means for the mail.
fn verdict(error: &Error, about: About) -> MailError {
    let reason = reason(error);
    let passing = PASSING.iter().any(|code| reason.starts_with(code));
    let is_final = about == About::Mail && error.is_permanent() && !passing;
    if is_final {
        MailError::Refused(reason)
    } else {
        MailError::Later(reason)
    }
}

/// A failure without what the server wrote: the code and the enhanced code (RFC 3463), or the class.
pub(super) fn reason(error: &Error) -> String {
    let Some(code) = error.status() else {
        return if error.is_tls() {
            "TLS"
        } else if error.is_response() {
            "no answer"
        } else if error.is_client() {
            "unsuitable server"
        } else {
            "network"
        }
        .to_owned();
    };
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    match text.split_whitespace().next().filter(|word| is_enhanced(word)) {
        Some(enhanced) => format!("{code} {enhanced}"),
        None => code.to_string(),
    }
}

/// Whether a word is an enhanced status code (RFC 3463 2).
fn is_enhanced(word: &str) -> bool {
    let numbers: Vec<_> = word.split('.').collect();
    numbers.len() == 3
        && matches!(numbers[0], "4" | "5")
        && numbers[1..]
            .iter()
            .all(|number| (1..=3).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_enhanced_code_is_three_numbers_and_nothing_else() {
        for code in ["5.1.1", "4.7.28", "5.7.509"] {
            assert!(is_enhanced(code), "{code}");
        }
        for other in [
            "",
            "5.1",
            "2.0.0",
            "5.1.1.1",
            "5.1.ada@example.com",
            "<ada@example.com>:",
            "5..1",
            "5.1.1234",
        ] {
            assert!(!is_enhanced(other), "{other}");
        }
    }
}
