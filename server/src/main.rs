//! `rooiam`: one binary for development, serving and operations.

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use server::{admin, command, config::Settings, insecure::Allowed, telemetry};
use std::{path::PathBuf, process::ExitCode};

/// Pages are made of many small pieces, which the system's allocator spends a fifth of the time on.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

#[derive(Parser)]
#[command(
    name = "rooiam",
    version,
    about = "Self-hosted, passwordless-first identity and access server"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run with a private PostgreSQL and a mailbox page; needs no configuration
    Dev {
        /// Also put in the workspace, people with passwords and apps of a JSON file; identifiers and secrets are written to seeded.json in
        /// the data folder
        #[arg(long)]
        seed: Option<PathBuf>,
    },
    /// Serve with the configured PostgreSQL, Redis and SMTP
    Serve(Allowed),
    /// Bring the schema of DATABASE_OWNER_URL up to date
    Migrate,
    /// What only the operator at the machine may do
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Look at the settings
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Make whoever owns an e-mail address an owner of the platform
    Operator {
        /// The address they sign in with
        address: String,
    },
    /// Take in the passwords that people have at another server
    ImportPasswords {
        /// One JSON object on each line: email, email_verified, hash, must_change
        file: PathBuf,
        /// Create whoever is not known here yet
        #[arg(long)]
        create_people: bool,
    },
}

#[derive(Subcommand)]
enum ConfigCommand {
    /// Check the settings of `serve` without starting anything
    Check(Allowed),
}

#[actix_web::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        // A sentence for whoever started it; where in the code it was made helps nobody there.
        Err(error) => {
            eprintln!("rooiam: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let settings = Settings::load()?;
    telemetry::init(settings.log_format);
    match cli.command {
        Command::Dev { seed } => command::dev(settings, seed.as_deref()).await,
        Command::Serve(allowed) => command::serve(settings, allowed).await,
        Command::Migrate => command::migrate(&settings).await,
        Command::Admin(AdminCommand::Operator { address }) => admin::operator(&settings, &address).await,
        Command::Admin(AdminCommand::ImportPasswords { file, create_people }) => {
            admin::import_passwords(&settings, &file, create_people).await
        }
        Command::Config(ConfigCommand::Check(allowed)) => command::config_check(&settings, allowed),
    }
}
