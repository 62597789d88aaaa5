//! Who may have a sign-in mail sent, so that nobody is flooded and nobody is locked out by somebody else. What a
//! stranger spends is counted where the stranger is; see `docs/decisions/0005-limits.md`.

use crate::{
    Ctx, IamError,
    core::{Core, limits::Limit, secret::SecretKind},
    ctx::network_of,
    sign_in::{SignIn, arrival::Proved},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use iam_domain::{
    account::email::Email,
    sign_in::{
        email_challenge::{CODE_ATTEMPTS, EmailChallenge},
        session::Through,
    },
};
use iam_store::WorkspaceTx;
use std::net::IpAddr;
use subtle::ConstantTimeEq;

/// How many addresses a browser is known for.
const MOST_KNOWN: usize = 6;
/// What the cookie of a known browser begins with.
const KNOWN: &str = "roo_kb_";

impl SignIn<'_> {
    /// What a page asks of a browser whose network asked for too many mails.
    pub fn toll(self, ctx: &Ctx) -> String {
        let place = neighbourhood(&ctx.client_ip);
        self.core.toll.ask(&place, self.core.now())
    }
}

impl Core {
    /// Takes one sign-in mail to `address` from what this request may send. Where too many ask from its network or around it, a
    /// browser that paid the `toll` still may: whoever shares a network with a flood is not the flood.
    ///
    /// # Errors
    /// [`IamError::RateLimited`].
    pub(crate) async fn limit_sign_in_mail(
        &self,
        ctx: &Ctx,
        address: &Email,
        toll: &str,
    ) -> Result<(), IamError> {
        let (network, receiver) = (ctx.network(), self.pseudonym(address.as_str()));
        if let Some(browser) = self.history_with(ctx, address) {
            self.limit(Limit::MailKnownBrowser, &browser).await?;
            if self.within(Limit::MailKnownAddress, &receiver).await {
                return Ok(());
            }
        }
        if let Err(crowded) = self.limit_crowd(ctx, &network).await
            && !self.takes_toll(ctx, toll).await
        {
            return Err(crowded);
        }
        self.limit(Limit::MailAddressNetwork, &format!("{receiver}/{network}"))
            .await?;
        if self.within(Limit::MailAddress, &receiver).await {
            return Ok(());
        }
        // Somebody floods the address. Its owner may still sit at a network where nobody does, so each place gets a
        // little, and where they have been before, what every network gets.
        if self.signed_in_from(address, &network).await? {
            return Ok(());
        }
        let place = format!("{receiver}/{}", neighbourhood(&ctx.client_ip));
        self.limit(Limit::MailNeighbourhood, &place).await?;
        self.limit(Limit::MailFlood, &receiver).await
    }

    async fn limit_crowd(&self, ctx: &Ctx, network: &str) -> Result<(), IamError> {
        self.limit(Limit::MailNetwork, network).await?;
        self.limit(Limit::MailPlace, &neighbourhood(&ctx.client_ip)).await
    }

    /// Whether this browser paid what it was asked for, and nobody paid with that before.
    async fn takes_toll(&self, ctx: &Ctx, toll: &str) -> bool {
        let place = neighbourhood(&ctx.client_ip);
        let Some(receipt) = self.toll.paid(&place, toll, self.now()).await else {
            return false;
        };
        self.within(Limit::TollReceipt, &receipt.0).await && self.within(Limit::MailToll, &place).await
    }

    /// Takes one try at a code or link. Each challenge has its own count of wrong codes, so this only keeps noise away,
    /// and nobody can spend it for the browser that waits for a mail.
    ///
    /// # Errors
    /// [`IamError::RateLimited`].
    pub(crate) async fn limit_code_try(&self, ctx: &Ctx) -> Result<(), IamError> {
        let browser = ctx
            .browser
            .as_deref()
            .and_then(|browser| self.hash_secret(SecretKind::Browser, browser));
        let key = browser.map_or_else(|| ctx.network(), |hash| URL_SAFE_NO_PAD.encode(hash.as_bytes()));
        self.limit(Limit::CodeTries, &key).await
    }

    /// Counts a wrong code where it came from. Beyond what people mistype there, one spends its challenge: whoever guesses
    /// has one guess for each mail, and whoever types their code right notices nothing.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn spend_wrong_code(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        link: &EmailChallenge,
    ) -> Result<bool, IamError> {
        let place = neighbourhood(&ctx.client_ip);
        let spent =
            self.history_with(ctx, &link.address).is_none() && !self.within(Limit::WrongCodes, &place).await;
        if spent {
            tx.spend_all_code_attempts(link.id, CODE_ATTEMPTS).await?;
        }
        Ok(spent)
    }

    /// The cookie of a browser that has just proved `address`: what it was known for, and that. It names nobody and is
    /// worth nothing but mails to addresses that were proved in this browser.
    pub(crate) fn remember_browser(&self, ctx: &Ctx, address: &Email) -> String {
        let (browser, mut marks) = ctx
            .known_browser
            .as_deref()
            .and_then(read)
            .unwrap_or_else(|| (self.new_browser(), Vec::new()));
        let mark = self.mark(ctx, &browser, address);
        marks.retain(|other| *other != mark);
        marks.insert(0, mark);
        marks.truncate(MOST_KNOWN);
        let parts = std::iter::once(browser.as_slice()).chain(marks.iter().map(<[u8; 32]>::as_slice));
        let parts: Vec<String> = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).collect();
        format!("{KNOWN}{}", parts.join("."))
    }

    /// The cookie of a browser after a sign-in: a workspace's provider proves no address.
    pub(crate) fn known_browser_after(&self, ctx: &Ctx, proved: &Proved<'_>) -> String {
        if proved.through.as_ref().is_some_and(Through::confines) {
            self.same_browser(ctx)
        } else {
            self.remember_browser(ctx, proved.address)
        }
    }

    /// The cookie of a browser as it is, or one that is known for nothing.
    pub(crate) fn same_browser(&self, ctx: &Ctx) -> String {
        let known = ctx.known_browser.as_deref().filter(|known| read(known).is_some());
        known.map_or_else(
            || format!("{KNOWN}{}", URL_SAFE_NO_PAD.encode(self.new_browser())),
            str::to_owned,
        )
    }

    /// Whether this browser signed in to `address` before.
    pub(crate) fn knows_browser(&self, ctx: &Ctx, address: &Email) -> bool {
        self.history_with(ctx, address).is_some()
    }

    /// What this browser's mails to `address` are counted by, if it signed in to it before.
    fn history_with(&self, ctx: &Ctx, address: &Email) -> Option<String> {
        let signed_in = ctx
            .actor
            .as_ref()
            .filter(|actor| actor.session.is_whole() && actor.user.email == address.as_str());
        if let Some(actor) = signed_in {
            return Some(actor.session.id.to_string());
        }
        let (browser, marks) = read(ctx.known_browser.as_deref()?)?;
        let mark = self.mark(ctx, &browser, address);
        let known = marks.iter().any(|other| bool::from(other.ct_eq(&mark)));
        known.then(|| URL_SAFE_NO_PAD.encode(mark))
    }

    /// What only we can write into the cookie of `browser` for `address`, here: who owns a host reads it there.
    fn mark(&self, ctx: &Ctx, browser: &[u8; 16], address: &Email) -> [u8; 32] {
        let here = ctx
            .custom_domain
            .as_ref()
            .map_or_else(String::new, |own| format!("{}{}", own.id, own.host));
        let all = [
            browser.as_slice(),
            here.as_bytes(),
            &[0],
            address.as_str().as_bytes(),
        ]
        .concat();
        self.deps.master_keys.hash("known browser", &all)
    }

    fn new_browser(&self) -> [u8; 16] {
        let mut browser = [0; 16];
        self.deps.entropy.fill(&mut browser);
        browser
    }

    /// Whether somebody signed in to `address` from `network` and has not signed out since.
    async fn signed_in_from(&self, address: &Email, network: &str) -> Result<bool, IamError> {
        let places = self.deps.store.signed_in_from(address).await?;
        Ok(places.iter().any(|client_ip| network_of(client_ip) == network))
    }
}

/// Reads the cookie of a known browser.
fn read(cookie: &str) -> Option<([u8; 16], Vec<[u8; 32]>)> {
    let mut parts = cookie.strip_prefix(KNOWN)?.split('.');
    let browser = URL_SAFE_NO_PAD.decode(parts.next()?).ok()?.try_into().ok()?;
    let marks = parts
        .take(MOST_KNOWN)
        .map(|mark| URL_SAFE_NO_PAD.decode(mark).ok()?.try_into().ok())
        .collect::<Option<_>>()?;
    Some((browser, marks))
}

/// What one party can easily have many addresses in: the /24 of an IPv4 address, the /48 of an IPv6 one.
fn neighbourhood(client_ip: &str) -> String {
    match client_ip.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => format!("{:x}", ip.to_bits() >> 8),
        Ok(IpAddr::V6(ip)) => format!("6:{:x}", ip.to_bits() >> 80),
        Err(_) => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_neighbourhood_in_every_spelling() {
        assert_eq!(neighbourhood("203.0.113.9"), neighbourhood("::ffff:203.0.113.77"));
        assert_ne!(neighbourhood("203.0.113.9"), neighbourhood("203.0.114.9"));
        assert_eq!(
            neighbourhood("2001:db8:1:2::1"),
            neighbourhood("2001:db8:1:ffff::9")
        );
        assert_ne!(neighbourhood("2001:db8:1::1"), neighbourhood("2001:db8:2::1"));
    }

    #[test]
    fn a_cookie_that_is_not_ours_says_nothing() {
        for bad in [
            "",
            "roo_kb_",
            "roo_kb_AAAA",
            "roo_kb_AAAAAAAAAAAAAAAAAAAAAA.AAAA",
            "x.y",
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
        assert!(read("roo_kb_AAAAAAAAAAAAAAAAAAAAAA").is_some());
    }
}
