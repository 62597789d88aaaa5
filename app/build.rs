//! Turns `locales/*.json` into typed keys. A missing key, or a placeholder that differs between languages, stops the build.
//! And hashes what pages are made from, by which each half knows whether the other is of the same build.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

/// What the pages are made from, seen from this package.
const SOURCES: [&str; 4] = ["src", "locales", "../server/crates/types/src", "../Cargo.lock"];

fn main() -> Result<(), Box<dyn Error>> {
    let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut hash = FNV_OFFSET;
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        add(&mut hash, &package.join(source))?;
    }
    println!("cargo::rustc-env=ROOIAM_FINGERPRINT={hash:016x}");
    let options = ParseOptions::default().interpolate_display(true);
    let config = Config::new("en")?
        .add_locale("de")?
        .add_locale("ar")?
        .parse_options(options);
    let texts = parse_locales(Some(package), config)?;
    if let Some(problem) = texts.diag.warnings().iter().map(ToString::to_string).next() {
        return Err(problem.into());
    }
    let module = leptos_i18n_codegen::gen_code(&texts, None, true, None, false)?;
    fs::write(
        PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs"),
        module.to_string(),
    )?;
    Ok(())
}

/// FNV-1a: two compilers build the halves, and the standard library promises no hash that both agree on.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

fn add(hash: &mut u64, path: &Path) -> io::Result<()> {
    if path.is_dir() {
        let entries: io::Result<Vec<_>> = fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect();
        let mut entries = entries?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add(hash, entry));
    }
    let name = path.file_name().unwrap_or_default().as_encoded_bytes();
    for byte in [name, &fs::read(path)?].concat() {
        *hash = (*hash ^ u64::from(byte)).wrapping_mul(FNV_PRIME);
    }
    Ok(())
}
