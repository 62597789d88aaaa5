//! What each command of `rooiam` does.

use crate::{
    adapter::{
        breached::BreachedFiles,
        dns::Dns,
        mail::DevMailer,
        models,
        outbound::{Caps, HttpOutbound, reach},
        places::PlacesFile,
        smtp::SmtpMailer,
    },
    application::{Application, metrics_server},
    config::{ConfigError, Settings, is_loopback, required},
    dev,
    ending::told_to_end,
    http::{Bodies, Web, forwarded::Proxies},
    insecure::{Allowed, warn_of_plain_connections},
    meaning::{listen_address, proxies, site_root},
    say::say,
};
use anyhow::Context;
use app::server::mailbox::Mailbox;
use iam::{
    Dependencies, Iam,
    core::sealing::MasterKeys,
    port::{BreachedPasswords, SystemClock, SystemEntropy},
    store::{
        ConnectOptions, Store,
        cache::{RateLimiter, local::LocalLimiter, redis::RedisLimiter},
        migrate::migrate as apply_migrations,
    },
};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::{
    net::{SocketAddr, TcpListener},
    path::Path,
    sync::Arc,
    time::Duration,
};
use url::Url;

/// How often what was measured is summed up, whether anybody asks for it or not.
const UPKEEP: Duration = Duration::from_secs(5);

/// Connections to PostgreSQL that one node holds at most.
const CONNECTIONS: u32 = 20;

/// Everything `serve` needs, checked.
struct Serving {
    database: ConnectOptions,
    master_keys: MasterKeys,
    public_url: Url,
    mailer: SmtpMailer,
    proxies: Proxies,
    outbound: HttpOutbound,
    breached: Option<Arc<dyn BreachedPasswords>>,
    redis_url: Option<String>,
    listen: SocketAddr,
}

impl Serving {
    fn check(settings: &Settings, allowed: Allowed) -> anyhow::Result<Self> {
        let public_url = required(settings.public_url.as_ref(), "ROOIAM_PUBLIC_URL")?;
        let host = public_url.host_str().unwrap_or("localhost");
        let from = settings
            .mail_from
            .clone()
            .unwrap_or_else(|| format!("Rooiam <no-reply@{host}>"));
        let database = connect_options(
            required(settings.database_url.as_ref(), "DATABASE_URL")?,
            "DATABASE_URL",
        )?;
        let master_keys = MasterKeys::parse(&required(settings.master_key.as_ref(), "ROOIAM_MASTER_KEY")?)
            .context("ROOIAM_MASTER_KEY")?;
        allowed.master_keys(&master_keys)?;
        let smtp_url = required(settings.smtp_url.as_ref(), "SMTP_URL")?;
        allowed.smtp(&smtp_url)?;
        warn_of_plain_connections(&database, settings.redis_url.as_deref());
        Ok(Self {
            database,
            master_keys,
            mailer: SmtpMailer::new(&smtp_url, &from)?,
            proxies: proxies(settings, allowed)?,
            outbound: HttpOutbound::new(outbound_allowed(settings)?, Caps::default())?,
            breached: BreachedFiles::open(settings.breached_passwords_file.as_deref())?,
            redis_url: settings.redis_url.clone(),
            listen: listen_address(settings),
            public_url,
        })
    }
}

/// Serves until a signal comes.
///
/// # Errors
/// A setting is missing or a part does not answer at start.
pub async fn serve(settings: Settings, allowed: Allowed) -> anyhow::Result<()> {
    let serving = Serving::check(&settings, allowed)?;
    let end = told_to_end()?;
    let limiter: Arc<dyn RateLimiter> = match &serving.redis_url {
        Some(url) => Arc::new(RedisLimiter::connect(url).await.context("REDIS_URL")?),
        None => Arc::new(LocalLimiter::default()),
    };
    let store = Store::connect(serving.database, CONNECTIONS)
        .await
        .context("DATABASE_URL")?;
    let listener =
        TcpListener::bind(serving.listen).with_context(|| format!("cannot listen on {}", serving.listen))?;
    let iam = Iam::new(Dependencies {
        store,
        limiter,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        resolver: Arc::new(Dns::new(settings.dns_server)?),
        places: PlacesFile::open(settings.places_file.as_deref())?,
        toll: None,
        breached: serving.breached,
        models: models::of(&settings)?,
        outbound: Arc::new(serving.outbound),
        master_keys: serving.master_keys,
        public_url: serving.public_url,
    });
    start_metrics(&settings)?;
    if !iam.store().missing_migrations().await?.is_empty() {
        tracing::warn!("the schema is older than this version, which is not ready before `rooiam migrate`");
    }
    tracing::info!(address = %listener.local_addr()?, origin = iam.origin(), "rooiam is ready");
    let web = Web {
        iam,
        proxies: serving.proxies,
        bodies: Bodies::default(),
    };
    Application {
        web,
        mailer: Arc::new(serving.mailer),
        mailbox: None,
    }
    .run(listener, &site_root(&settings), None, end)
    .await?;
    tracing::info!("rooiam has stopped");
    Ok(())
}

/// Runs with a private PostgreSQL and a mailbox page.
///
/// # Errors
/// No PostgreSQL on this machine, or the data folder is in use.
pub async fn dev(settings: Settings, seed: Option<&Path>) -> anyhow::Result<()> {
    let seed = seed.map(dev::SeedFile::read).transpose()?;
    let listen = listen_address(&settings);
    if !listen.ip().is_loopback() {
        // Its mailbox page lets anybody in as anybody.
        return Err(ConfigError::Impossible(
            "ROOIAM_LISTEN",
            "rooiam dev is for this machine only: use a loopback address",
        )
        .into());
    }
    if settings.public_url.as_ref().is_some_and(|url| !is_loopback(url)) {
        return Err(ConfigError::Impossible(
            "ROOIAM_PUBLIC_URL",
            "rooiam dev is for this machine only: use a loopback name, or rooiam serve",
        )
        .into());
    }
    let listener = TcpListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    let port = listener.local_addr()?.port();
    let public_url = match &settings.public_url {
        Some(url) => url.clone(),
        None => format!("http://localhost:{port}").parse()?,
    };
    let breached = BreachedFiles::open(settings.breached_passwords_file.as_deref())?;
    let folder = dev::Folder::open(settings.data_dir.clone())?;
    let end = told_to_end()?;
    let database = dev::Postgres::start(&folder).await?;
    apply_migrations(
        &connect_options(database.url("rooiam_owner"), "data folder")?,
        "rooiam_app",
    )
    .await?;
    let store = Store::connect(
        connect_options(database.url("rooiam_app"), "data folder")?,
        CONNECTIONS,
    )
    .await?;
    let clock = Arc::new(SystemClock);
    let mailbox = Mailbox::default();
    let iam = Iam::new(Dependencies {
        store,
        limiter: Arc::new(LocalLimiter::default()),
        clock: clock.clone(),
        entropy: Arc::new(SystemEntropy),
        resolver: Arc::new(Dns::new(settings.dns_server)?),
        places: PlacesFile::open(settings.places_file.as_deref())?,
        toll: None,
        breached,
        models: models::of(&settings)?,
        outbound: Arc::new(HttpOutbound::new(
            outbound_allowed(&settings)?.and_loopback(),
            Caps::default(),
        )?),
        master_keys: MasterKeys::parse(&folder.master_key()?)?,
        public_url,
    });
    start_metrics(&settings)?;
    let seeded = dev::demo::seed(&iam).await?;
    if let Some(seed) = seed {
        seed.put_in(&iam, &folder.path().join("seeded.json")).await?;
    }
    say(&format!(
        "Rooiam is ready: {0}
Mail appears at:  {0}/dev/mailbox",
        iam.origin()
    ));
    if seeded {
        say(&format!(
            "Demo data is in: sign in as {}, or as anybody else",
            dev::demo::OWNER
        ));
    }
    let web = Web {
        iam,
        proxies: proxies(&settings, Allowed::default())?,
        bodies: Bodies::default(),
    };
    let mailer = Arc::new(DevMailer {
        mailbox: mailbox.clone(),
        clock,
    });
    let outcome = Application {
        web,
        mailer,
        mailbox: Some(mailbox),
    }
    .run(listener, &site_root(&settings), Some(2), end)
    .await;
    database.stop().await;
    Ok(outcome?)
}

/// Applies migrations as the owner role.
///
/// # Errors
/// A setting is missing, or the database refuses.
pub async fn migrate(settings: &Settings) -> anyhow::Result<()> {
    let owner = connect_options(
        required(settings.database_owner_url.as_ref(), "DATABASE_OWNER_URL")?,
        "DATABASE_OWNER_URL",
    )?;
    let runtime = connect_options(
        required(settings.database_url.as_ref(), "DATABASE_URL")?,
        "DATABASE_URL",
    )?;
    apply_migrations(&owner, runtime.get_username()).await?;
    tracing::info!("the schema is up to date");
    Ok(())
}

/// The core for a command that does one thing and ends.
///
/// # Errors
/// A setting is missing, or the database does not answer.
pub(crate) async fn core(settings: &Settings) -> anyhow::Result<Iam> {
    let serving = Serving::check(settings, Allowed::EVERYTHING)?;
    Ok(Iam::new(Dependencies {
        store: Store::connect(serving.database, 1)
            .await
            .context("DATABASE_URL")?,
        limiter: Arc::new(LocalLimiter::default()),
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        resolver: Arc::new(Dns::new(settings.dns_server)?),
        places: PlacesFile::open(settings.places_file.as_deref())?,
        toll: None,
        breached: serving.breached,
        models: models::of(settings)?,
        outbound: Arc::new(serving.outbound),
        master_keys: serving.master_keys,
        public_url: serving.public_url,
    }))
}

/// What may be asked though it is not public.
fn outbound_allowed(settings: &Settings) -> anyhow::Result<reach::Allowed> {
    let text = settings.outbound_allow.as_deref().unwrap_or_default();
    text.parse().context("ROOIAM_OUTBOUND_ALLOW")
}

/// Checks the settings of `serve`.
///
/// # Errors
/// The first setting that is missing or makes no sense.
pub fn config_check(settings: &Settings, allowed: Allowed) -> anyhow::Result<()> {
    Serving::check(settings, allowed)?;
    say("The settings are complete.");
    Ok(())
}

fn connect_options(url: String, name: &'static str) -> anyhow::Result<ConnectOptions> {
    // The parser's message would print the URL, and with it the password.
    Ok(url
        .parse()
        .map_err(|_| ConfigError::Impossible(name, "is no PostgreSQL URL"))?)
}

fn start_metrics(settings: &Settings) -> anyhow::Result<()> {
    if let Some(address) = settings.metrics_listen {
        let handle = PrometheusBuilder::new().install_recorder()?;
        let kept_small = handle.clone();
        actix_web::rt::spawn(async move {
            let mut due = tokio::time::interval(UPKEEP);
            loop {
                due.tick().await;
                kept_small.run_upkeep();
            }
        });
        actix_web::rt::spawn(metrics_server(address, handle).context("ROOIAM_METRICS_LISTEN")?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWN: &str = "1:y6wrIRsw3PfJvPZzsF0Qx1mY0hXoYb4VbT4v2nE5lqA=";

    fn settings(more: &[(&str, &str)]) -> Settings {
        let usual = [
            ("DATABASE_URL", "postgres://rooiam_app@localhost/rooiam"),
            ("ROOIAM_PUBLIC_URL", "https://id.example.com"),
            ("ROOIAM_MASTER_KEY", DRAWN),
            ("SMTP_URL", "smtps://user:secret@mail.example.com"),
        ];
        let vars = usual.iter().chain(more);
        let vars = vars.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::from_parts("", vars).unwrap()
    }

    #[actix_web::test]
    async fn serving_with_an_unsafe_setting_is_refused_by_its_name_unless_that_is_allowed() {
        assert!(config_check(&settings(&[]), Allowed::default()).is_ok());
        let gone = settings(&[("ROOIAM_BREACHED_PASSWORDS_FILE", "/nowhere")]);
        assert!(config_check(&gone, Allowed::EVERYTHING).is_err());
        for (name, value) in [
            ("SMTP_URL", "smtp://user:secret@mail.example.com:587"),
            ("ROOIAM_TRUSTED_PROXIES", "0.0.0.0/0"),
            ("ROOIAM_TRUSTED_PROXIES", "10.0.0.1, ::/0"),
            (
                "ROOIAM_MASTER_KEY",
                "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            ),
        ] {
            let unsafe_one = settings(&[(name, value)]);
            let message = config_check(&unsafe_one, Allowed::default())
                .unwrap_err()
                .to_string();
            assert!(
                message.starts_with(name) && message.contains("--allow-insecure-"),
                "{message}"
            );
            assert!(!message.contains("secret"), "{message}");
            assert!(config_check(&unsafe_one, Allowed::EVERYTHING).is_ok(), "{name}");
        }
    }

    #[actix_web::test]
    async fn development_is_not_for_others() {
        for (name, value) in [
            ("ROOIAM_PUBLIC_URL", "https://id.example.com"),
            ("ROOIAM_PUBLIC_URL", "https://192.0.2.7"),
            ("ROOIAM_LISTEN", "0.0.0.0:0"),
        ] {
            let vars = [(name.to_owned(), value.to_owned())];
            let settings = Settings::from_parts("", vars.into_iter()).unwrap();
            let message = dev(settings, None).await.unwrap_err().to_string();
            assert!(message.starts_with(name), "{message}");
        }
    }
}
