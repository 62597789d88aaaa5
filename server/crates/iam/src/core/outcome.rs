//! What a form came to, on its way to the page that follows: sealed, so that nobody can make one up, and bound to that
//! page and to whose browser it is. It travels in a cookie; what is too long for one waits beside the session.

use crate::{Ctx, IamError, core::Core};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// How long the page may take to follow.
pub const LIFETIME: TimeDelta = TimeDelta::seconds(120);
/// The most that travels in the cookie, in bytes: many proxies take 4 KB for all headers of an answer.
const IN_COOKIE: usize = 1024;
/// The most that waits beside a session, in bytes.
pub const LONGEST: usize = 64 * 1024;

const HERE: u8 = 0;
const KEPT: u8 = 1;

impl Core {
    /// Seals `outcome` for the page at the path `page`, and returns the cookie's value; nothing if it is too long to be kept.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn seal_outcome(
        &self,
        ctx: &Ctx,
        page: &str,
        outcome: &[u8],
    ) -> Result<Option<String>, IamError> {
        let row = row(ctx, page);
        let expires_at = self.now() + LIFETIME;
        if outcome.len() <= IN_COOKIE {
            return self.cookie(&row, HERE, outcome, expires_at).map(Some);
        }
        let Some(actor) = ctx.holder().filter(|_| outcome.len() <= LONGEST) else {
            return Ok(None);
        };
        let id = self.new_uuid();
        let sealed = self.seal(&format!("{row} {id}"), outcome)?;
        let store = &self.deps.store;
        store
            .put_outcome(actor.session.id, id, &sealed, expires_at)
            .await?;
        self.cookie(&row, KEPT, id.as_bytes(), expires_at).map(Some)
    }

    /// Opens what [`seal_outcome`](Self::seal_outcome) made for this browser and this page. What waited beside the
    /// session is forgotten with this; the cookie is for the caller to remove.
    ///
    /// # Errors
    /// [`IamError::Store`].
    pub(crate) async fn open_outcome(
        &self,
        ctx: &Ctx,
        page: &str,
        cookie: &str,
    ) -> Result<Option<Vec<u8>>, IamError> {
        let row = row(ctx, page);
        let Some((kind, content)) = self.read_cookie(&row, cookie) else {
            return Ok(None);
        };
        let (actor, id) = match (kind, ctx.holder(), Uuid::from_slice(&content)) {
            (HERE, ..) => return Ok(Some(content)),
            (KEPT, Some(actor), Ok(id)) => (actor, id),
            _ => return Ok(None),
        };
        let sealed = self.deps.store.take_outcome(actor.session.id, id).await?;
        let row = format!("{row} {id}");
        Ok(sealed.and_then(|sealed| Some(self.deps.master_keys.open(&row, &sealed).ok()?.to_vec())))
    }

    fn cookie(
        &self,
        row: &str,
        kind: u8,
        content: &[u8],
        expires_at: DateTime<Utc>,
    ) -> Result<String, IamError> {
        let moment = expires_at.timestamp().to_be_bytes();
        let sealed = self.seal(row, &[&moment, [kind].as_slice(), content].concat())?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Kind and content of a cookie that is still good.
    fn read_cookie(&self, row: &str, cookie: &str) -> Option<(u8, Vec<u8>)> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let plain = self.deps.master_keys.open(row, &sealed).ok()?;
        let (moment, rest) = plain.split_first_chunk::<8>()?;
        let (kind, content) = rest.split_first()?;
        let live = self.now().timestamp() < i64::from_be_bytes(*moment);
        live.then(|| (*kind, content.to_vec()))
    }

    /// Seals what must be read back for the row that `row` names.
    ///
    /// # Errors
    /// [`IamError::Fault`].
    pub(crate) fn seal(&self, row: &str, plain: &[u8]) -> Result<Vec<u8>, IamError> {
        let mut nonce = [0; 12];
        self.deps.entropy.fill(&mut nonce);
        Ok(self.deps.master_keys.seal(row, plain, nonce)?)
    }
}

/// Whose outcome of which page: the session's, or that of the browser while nobody is signed in.
fn row(ctx: &Ctx, page: &str) -> String {
    let whose = match (ctx.holder(), &ctx.browser) {
        (Some(actor), _) => actor.session.id.to_string(),
        (None, Some(browser)) => browser.clone(),
        (None, None) => String::new(),
    };
    format!("outcome {whose} {page}")
}
