//! Turns `locales/*.json` into typed keys. A missing key, or a placeholder that differs between languages, stops the build.
//! The browser's half has no texts of its own.

use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    #[cfg(feature = "ssr")]
    texts::generate()?;
    Ok(())
}

#[cfg(feature = "ssr")]
mod texts {
    use leptos_i18n_parser::parse_locales::{
        options::{Config, ParseOptions},
        parse_locales,
    };
    use std::{env, error::Error, fs, path::PathBuf};

    pub fn generate() -> Result<(), Box<dyn Error>> {
        let package = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
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
}
