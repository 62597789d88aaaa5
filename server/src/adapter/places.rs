//! Roughly where an address is: from a file that the operator brings (MaxMind DB file format 2.0).

use anyhow::Context;
use iam::port::Places;
use maxminddb::{PathElement::Key, Reader};
use std::{net::IpAddr, path::Path, sync::Arc};

/// Such a file, in memory.
pub struct PlacesFile(Reader<Vec<u8>>);

impl PlacesFile {
    /// Reads the file that is set; nothing is known without one.
    ///
    /// # Errors
    /// It cannot be read, or is of another kind.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Option<Arc<dyn Places>>> {
        path.map(|path| {
            let content = std::fs::read(path)?;
            Self::parse(content)
        })
        .transpose()
        .context("ROOIAM_PLACES_FILE")
    }

    /// Reads its content.
    ///
    /// # Errors
    /// It is of another kind.
    pub fn parse(content: Vec<u8>) -> anyhow::Result<Arc<dyn Places>> {
        Ok(Arc::new(Self(Reader::from_source(content)?)))
    }
}

impl Places for PlacesFile {
    fn place(&self, address: IpAddr, locale: &str) -> Option<String> {
        let found = self.0.lookup(address).ok()?;
        let named = |what| {
            [locale, "en"].into_iter().find_map(|language| {
                let path = [Key(what), Key("names"), Key(language)];
                found.decode_path::<&str>(&path).ok().flatten()
            })
        };
        let parts: Vec<_> = [named("city"), named("country")].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use iam_testkit::places_file;

    #[test]
    fn a_place_is_told_in_the_readers_language_and_where_nothing_is_known_nothing_is() {
        let places = PlacesFile::parse(places_file()).unwrap();
        let place = |address: &str, locale| places.place(address.parse().unwrap(), locale);
        assert_eq!(place("203.0.113.9", "de").as_deref(), Some("Wien, Österreich"));
        assert_eq!(place("203.0.113.200", "ar").as_deref(), Some("Vienna, Austria"));
        for unknown in ["203.0.114.9", "127.0.0.1", "2001:db8::1"] {
            assert_eq!(place(unknown, "en"), None, "{unknown}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_or_is_of_another_kind_is_refused_by_the_name_of_its_setting() {
        assert!(PlacesFile::open(None).unwrap().is_none());
        for wrong in [
            "/nowhere/places.mmdb",
            concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
        ] {
            let refused = PlacesFile::open(Some(Path::new(wrong))).err().unwrap();
            assert_eq!(refused.to_string(), "ROOIAM_PLACES_FILE");
        }
    }
}
