//! Names of scripts and styles. `scripts/build.sh` puts the hash of the content into each, so that a name means one
//! content for ever: browsers keep it without asking, and a page never gets the code of another build.

use crate::islands::OPENER;
use std::{fs, path::Path};

/// What the build calls all of them.
const STEM: &str = "rooiam";

/// The files that a page asks for, by their addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// What loads the WASM.
    pub script: String,
    /// The pages, for the browser.
    pub wasm: String,
    /// The design system.
    pub style: String,
    /// The lines that wake the islands of a page.
    pub wake: String,
}

impl Default for Assets {
    /// Names without hashes, as `cargo leptos` leaves them.
    fn default() -> Self {
        Self::named("")
    }
}

impl Assets {
    /// What lies in a site folder. The hashes stand in `pkg/hash.txt`; they count unless `cargo leptos`, which knows
    /// nothing of that file, has put its own build there since.
    pub fn find(site_root: &Path) -> Self {
        let folder = site_root.join("pkg");
        match fs::read_to_string(folder.join("hash.txt")) {
            Ok(hashes) if !folder.join(format!("{STEM}.js")).exists() => Self::named(&hashes),
            _ => Self::default(),
        }
    }

    fn named(hashes: &str) -> Self {
        let name = |kind: &str| {
            let hash = hashes
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(known, _)| *known == kind)
                .map(|(_, hash)| format!(".{}", hash.trim()));
            format!("/pkg/{STEM}{}.{kind}", hash.unwrap_or_default())
        };
        let (script, wasm) = (name("js"), name("wasm"));
        Self {
            wake: wake(&script, &wasm),
            script,
            wasm,
            style: name("css"),
        }
    }
}

/// `wake.js` without what it says to its readers: it stands in every page.
fn wake(script: &str, wasm: &str) -> String {
    let lines = include_str!("wake.js").lines();
    let code: Vec<_> = lines.filter(|line| !line.starts_with("//")).collect();
    code.join("\n")
        .replace("{script}", script)
        .replace("{wasm}", wasm)
        .replace("{opener}", &format!("#{OPENER}"))
}

/// The media type of the file that is called `name` under `/pkg`, and whether its name says what is in it. Nothing if no
/// build makes such a file.
pub fn kind_of(name: &str) -> Option<(&'static str, bool)> {
    let rest = name.strip_prefix(STEM)?.strip_prefix('.')?;
    let (hash, kind) = match rest.split_once('.') {
        Some((hash, kind)) => (Some(hash), kind),
        None => (None, rest),
    };
    let media_type = match kind {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => return None,
    };
    let well_formed = hash.is_none_or(|hash| {
        !hash.is_empty() && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    });
    well_formed.then_some((media_type, hash.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_asks_for_the_names_that_the_build_wrote_down() {
        let assets = Assets::named("js: 0a1b\nwasm: 2c3d\ncss: 4e5f\n");
        assert_eq!(assets.script, "/pkg/rooiam.0a1b.js");
        assert_eq!(assets.wasm, "/pkg/rooiam.2c3d.wasm");
        assert_eq!(assets.style, "/pkg/rooiam.4e5f.css");
        assert_eq!(Assets::default().wasm, "/pkg/rooiam.wasm");
    }

    #[test]
    fn only_names_that_a_build_makes_are_names_of_files() {
        assert_eq!(kind_of("rooiam.wasm"), Some(("application/wasm", false)));
        assert_eq!(kind_of("rooiam.0a1b.wasm"), Some(("application/wasm", true)));
        assert_eq!(kind_of("rooiam.0a1b.woff2"), Some(("font/woff2", true)));
        for name in [
            "",
            "rooiam",
            "rooiam.",
            "rooiam..js",
            "rooiam.xyz.js",
            "rooiam.0A1B.js",
            "rooiam.0a1b.js.br",
            "rooiam.css.br",
            "rooiam.../../x.js",
            "hash.txt",
            "x.js",
        ] {
            assert_eq!(kind_of(name), None, "{name}");
        }
    }
}
