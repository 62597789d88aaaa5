//! A workspace, its people and its apps out of a file, for what signs in from outside and cannot set them up by itself: conformance
//! suites, clients of others, load tests. People have passwords, so that a script can type them.

use super::demo::{OWNER, facts_of, join};
use crate::say::say;
use anyhow::{Context, anyhow, bail};
use argon2::{Argon2, PasswordHasher, password_hash::SaltString};
use iam::{
    Ctx, Iam,
    apps::app::AppForm,
    domain::sign_in::policy::SignInPolicy,
    port::{Entropy, SystemEntropy},
    sign_in::password::Import,
};
use iam_types::Slug;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// What the file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedFile {
    workspace: SeedWorkspace,
    people: Vec<SeedPerson>,
    apps: Vec<SeedApp>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedWorkspace {
    name: String,
    slug: String,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SeedPerson {
    email: String,
    #[serde(default)]
    name: String,
    password: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedApp {
    name: String,
    /// `confidential` or `public`.
    client_type: String,
    redirect_uris: Vec<String>,
    /// `RS256`, `ES256` or `EdDSA`.
    id_token_alg: String,
}

/// What came of it, for whoever configures a client.
#[derive(Debug, Serialize)]
struct Seeded {
    issuer: String,
    discovery: String,
    people: Vec<SeedPerson>,
    apps: Vec<SeededApp>,
}

#[derive(Debug, Serialize)]
struct SeededApp {
    name: String,
    client_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<String>,
    redirect_uris: Vec<String>,
}

impl SeedFile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or says something else.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = fs::read(path).with_context(|| path.display().to_string())?;
        serde_json::from_slice(&text).with_context(|| path.display().to_string())
    }

    /// Puts it in and writes identifiers and secrets to `told`, once: where that file is, nothing is changed.
    ///
    /// # Errors
    /// Something of it is not allowed, or is there already; `told` cannot be written.
    pub async fn put_in(&self, iam: &Iam, told: &Path) -> anyhow::Result<()> {
        if told.exists() {
            say(&format!("The seed is in: {}", told.display()));
            return Ok(());
        }
        let slug: Slug = self
            .workspace
            .slug
            .parse()
            .map_err(|_| anyhow!("no slug: {}", self.workspace.slug))?;
        if iam.workspaces().id(&slug).await.is_ok() {
            bail!(
                "the workspace {slug} is there, perhaps of a seed that failed: set ROOIAM_DATA_DIR to a new folder"
            );
        }
        let owner = facts_of(iam, OWNER).await?;
        iam.workspaces()
            .create(&owner, &self.workspace.name, &self.workspace.slug)
            .await
            .context("workspace")?;
        allow_passwords(iam, &owner, &slug).await?;
        for person in &self.people {
            let added = add_person(iam, &owner, &slug, person).await;
            added.with_context(|| person.email.clone())?;
        }
        let mut apps = Vec::new();
        for app in &self.apps {
            let registered = register(iam, &owner, &slug, app).await;
            apps.push(registered.with_context(|| app.name.clone())?);
        }
        let document = serde_json::to_value(iam.provider().discovery(&owner, &slug).await?)?;
        let issuer = document["issuer"].as_str().unwrap_or_default().to_owned();
        let seeded = Seeded {
            discovery: format!("{issuer}/.well-known/openid-configuration"),
            issuer,
            people: self.people.clone(),
            apps,
        };
        write_secret(told, &serde_json::to_vec_pretty(&seeded)?)
            .with_context(|| told.display().to_string())?;
        say(&format!("The seed is in: {}", told.display()));
        Ok(())
    }
}

/// Writes a file that nobody else reads.
fn write_secret(path: &Path, text: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true).mode(0o600);
    options.open(path)?.write_all(text)
}

/// Lets people sign in with whatever they have, passwords too.
async fn allow_passwords(iam: &Iam, owner: &Ctx, slug: &Slug) -> anyhow::Result<()> {
    let all = SignInPolicy::default();
    iam.platform().update_sign_in_policy(owner, all).await?;
    iam.workspaces().update_sign_in_policy(owner, slug, all).await?;
    Ok(())
}

async fn add_person(iam: &Iam, owner: &Ctx, slug: &Slug, person: &SeedPerson) -> anyhow::Result<()> {
    let hash = hashed(&person.password)?;
    let import = Import {
        address: &person.email,
        verified: true,
        hash: &hash,
        must_change: false,
        create: true,
    };
    iam.sign_in().import_password(import).await?;
    let facts = facts_of(iam, &person.email).await?;
    if !person.name.is_empty() {
        iam.account().set_display_name(&facts, &person.name).await?;
    }
    Ok(join(iam, owner, slug, &person.email, "member").await?)
}

fn hashed(password: &str) -> anyhow::Result<String> {
    let mut salt = [0; 16];
    SystemEntropy.fill(&mut salt);
    let salt = SaltString::encode_b64(&salt).map_err(|error| anyhow!("salt: {error}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow!("password: {error}"))?.to_string())
}

async fn register(iam: &Iam, owner: &Ctx, slug: &Slug, app: &SeedApp) -> anyhow::Result<SeededApp> {
    let form = AppForm {
        name: &app.name,
        redirect_uris: &app.redirect_uris.join("\n"),
        id_token_alg: &app.id_token_alg,
    };
    let (id, secret) = iam.apps().register(owner, slug, &app.client_type, form).await?;
    Ok(SeededApp {
        name: app.name.clone(),
        client_id: id.to_string(),
        client_secret: secret.map(|secret| secret.expose().to_owned()),
        redirect_uris: app.redirect_uris.clone(),
    })
}
