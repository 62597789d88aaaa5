//! Signing keys of workspaces: made when first needed, sealed at rest, opened once per node.

use crate::{Ctx, IamError, core::Core};
use iam_domain::{apps::app::SigningAlg, audit::Told};
use iam_protocol::jose::{self, JoseError, KeySet, SigningKey};
use iam_store::{WorkspaceTx, audit::event::Event};
use iam_types::{KeyId, Slug, WorkspaceId};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

/// Opened keys by workspace and key id. A key never changes once made, so an entry cannot go stale.
#[derive(Clone, Default)]
pub(crate) struct KeyCache(Arc<RwLock<Opened>>);

type Opened = HashMap<(WorkspaceId, KeyId), Arc<SigningKey>>;

/// Opened keys kept in memory; beyond it the cache starts anew.
const CACHED: usize = 4_096;

impl KeyCache {
    fn opened(&self, workspace: WorkspaceId, id: KeyId) -> Option<Arc<SigningKey>> {
        let opened = self.0.read().unwrap_or_else(PoisonError::into_inner);
        opened.get(&(workspace, id)).cloned()
    }

    fn keep(&self, workspace: WorkspaceId, id: KeyId, key: &Arc<SigningKey>) {
        let mut opened = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if opened.len() >= CACHED {
            opened.clear();
        }
        opened.insert((workspace, id), Arc::clone(key));
    }
}

impl Core {
    /// The active key for `alg` of the workspace behind `slug`, made if none was `known`; nothing when one was that is gone. Whoever
    /// read which one it is asks for nothing but what is not opened yet.
    pub(crate) async fn signing_key(
        &self,
        ctx: &Ctx,
        slug: &Slug,
        workspace: WorkspaceId,
        alg: SigningAlg,
        known: Option<KeyId>,
    ) -> Result<Option<Arc<SigningKey>>, IamError> {
        if let Some(key) = known.and_then(|id| self.keys.opened(workspace, id)) {
            return Ok(Some(key));
        }
        let mut tx = self.in_workspace_behind(slug).await?;
        let made = match known {
            Some(_) => None,
            None => self.ensure_key(&mut tx, ctx, alg).await?,
        };
        let Some((id, sealed)) = tx.active_signing_key(alg).await? else {
            return Ok(None);
        };
        if let Some(made) = made {
            tx.commit(made).await?;
        }
        if let Some(key) = self.keys.opened(workspace, id) {
            return Ok(Some(key));
        }
        let pkcs8 = self.deps.master_keys.open(&row_name(workspace, id), &sealed)?;
        let key = Arc::new(SigningKey::load(&id.to_string(), alg.as_str(), &pkcs8)?);
        self.keys.keep(workspace, id, &key);
        Ok(Some(key))
    }

    /// Makes a key for `alg` if the workspace has none.
    pub(crate) async fn ensure_key(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        alg: SigningAlg,
    ) -> Result<Option<Event>, IamError> {
        if tx.active_signing_key(alg).await?.is_none() {
            let pkcs8 = self.generate_key(alg).await?;
            return self.insert_key(tx, ctx, alg, pkcs8).await;
        }
        Ok(None)
    }

    /// Draws a key off the request threads: RSA takes a tenth of a second or more.
    pub(crate) async fn generate_key(
        &self,
        alg: SigningAlg,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, IamError> {
        let key = tokio::task::spawn_blocking(move || jose::generate(alg.as_str())).await;
        Ok(zeroize::Zeroizing::new(
            key.map_err(|_| IamError::Fault("key generation"))??,
        ))
    }

    pub(crate) async fn insert_key(
        &self,
        tx: &mut WorkspaceTx,
        ctx: &Ctx,
        alg: SigningAlg,
        pkcs8: zeroize::Zeroizing<Vec<u8>>,
    ) -> Result<Option<Event>, IamError> {
        let id = KeyId::from_uuid(self.new_uuid());
        let jwk = jose::public_jwk(&id.to_string(), alg.as_str(), &pkcs8)?;
        let jwk = serde_json::to_value(jwk).map_err(|_| IamError::Fault("jwk encoding"))?;
        let mut nonce = [0; 12];
        self.deps.entropy.fill(&mut nonce);
        let sealed = self
            .deps
            .master_keys
            .seal(&row_name(tx.workspace_id(), id), &pkcs8, nonce)?;
        if !tx.insert_signing_key(id, alg, &sealed, &jwk, self.now()).await? {
            return Ok(None);
        }
        let told = Told::signing_key_created(id, alg);
        self.event(tx, ctx.acting(), told).await.map(Some)
    }
}

/// Signs with a key: with one that is slow not on a thread that others wait for.
pub(crate) async fn sign_with<T: Send + 'static>(
    key: Arc<SigningKey>,
    sign: impl FnOnce(&SigningKey) -> Result<T, JoseError> + Send + 'static,
) -> Result<T, IamError> {
    if !key.is_slow() {
        return Ok(sign(&key)?);
    }
    let signed = tokio::task::spawn_blocking(move || sign(&key)).await;
    Ok(signed.map_err(|_| IamError::Fault("signing"))??)
}

pub(crate) async fn read_key_set(tx: &mut WorkspaceTx) -> Result<KeySet, IamError> {
    KeySet::from_values(tx.public_keys().await?).map_err(|_| IamError::Fault("stored key set"))
}

fn row_name(workspace_id: WorkspaceId, id: KeyId) -> String {
    format!("{workspace_id}/{id}")
}
