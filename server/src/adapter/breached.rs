//! Passwords that became known, from what the operator brings: one file sorted by SHA-1, with lines `HASH:count` as Have I Been
//! Pwned gives them out, or a folder with one file for each beginning of five letters, as its range API answers (`SUFFIX:count`).
//! Neither is read whole, and nobody outside is asked.

use anyhow::{Context, bail};
use iam::port::BreachedPasswords;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How many letters of a hash name a file of a folder.
const PREFIX: usize = 5;
/// How many letters a hash has.
const HASH: usize = 40;
/// Longer lines are none of ours.
const LONGEST_LINE: u64 = 128;
/// What a file of a folder is called at most.
const ENDINGS: [&str; 2] = ["", ".txt"];

/// Such a file, or such a folder.
pub enum BreachedFiles {
    /// All hashes, sorted.
    Sorted(PathBuf),
    /// One file for each beginning.
    Ranges(PathBuf),
}

impl BreachedFiles {
    /// Looks at what is set; nothing is known without it.
    ///
    /// # Errors
    /// It cannot be read, or is something else.
    pub fn open(path: Option<&Path>) -> anyhow::Result<Option<Arc<dyn BreachedPasswords>>> {
        path.map(|path| {
            let found = Self::look(path).context("ROOIAM_BREACHED_PASSWORDS_FILE")?;
            Ok(Arc::new(found) as Arc<dyn BreachedPasswords>)
        })
        .transpose()
    }

    fn look(path: &Path) -> anyhow::Result<Self> {
        let kind =
            fs::metadata(path).context("cannot be read: check the path, and that this user may read it")?;
        if kind.is_dir() {
            let found = Self::Ranges(path.to_owned());
            // The first of them is there in every complete download.
            if found.range("00000").is_err() {
                bail!("is a folder without range files: it takes one for each beginning, like 00000.txt");
            }
            return Ok(found);
        }
        let mut file = File::open(path).context("cannot be read: check that this user may read it")?;
        let first = line_at(&mut file, 0)?;
        if first.as_deref().and_then(hash_of).is_none() {
            bail!("is no list of SHA-1 hashes: it takes lines like HASH:count, sorted by hash");
        }
        Ok(Self::Sorted(path.to_owned()))
    }

    /// The file for a beginning, in whatever way it is called.
    fn range(&self, prefix: &str) -> io::Result<File> {
        let (Self::Sorted(path) | Self::Ranges(path)) = self;
        let named = |name: String| File::open(path.join(name));
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for ending in ENDINGS {
            for prefix in [prefix.to_owned(), prefix.to_lowercase()] {
                match named(format!("{prefix}{ending}")) {
                    Ok(file) => return Ok(file),
                    Err(error) => last = error,
                }
            }
        }
        Err(last)
    }
}

impl BreachedPasswords for BreachedFiles {
    fn contains(&self, sha1: &[u8; 20]) -> io::Result<bool> {
        let hash: String = sha1.iter().map(|byte| format!("{byte:02X}")).collect();
        match self {
            Self::Sorted(path) => find(&mut File::open(path)?, &hash),
            Self::Ranges(_) => {
                let (prefix, suffix) = hash.split_at(PREFIX);
                for line in BufReader::new(self.range(prefix)?).lines() {
                    let line = line?;
                    let (found, count) = line.split_once(':').unwrap_or((&line, "1"));
                    if found.eq_ignore_ascii_case(suffix) {
                        // The range API fills up with hashes that never happened.
                        return Ok(count.trim() != "0");
                    }
                }
                Ok(false)
            }
        }
    }
}

/// Looks for a hash between the two ends of a sorted file, the half at a time.
fn find(file: &mut File, hash: &str) -> io::Result<bool> {
    let (mut low, mut high) = (0, file.metadata()?.len());
    while low < high {
        let middle = low + (high - low) / 2;
        // The first line that begins at or behind the middle.
        let (start, line) = match line_behind(file, middle)? {
            Some(found) if found.0 < high => found,
            _ => {
                high = middle;
                continue;
            }
        };
        let found = hash_of(&line).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))?;
        match found.to_ascii_uppercase().as_str().cmp(hash) {
            std::cmp::Ordering::Equal => return Ok(true),
            std::cmp::Ordering::Less => low = start + line.len() as u64,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(false)
}

/// The first line that begins at `at` or behind it, and where it begins.
fn line_behind(file: &mut File, at: u64) -> io::Result<Option<(u64, String)>> {
    let mut start = at;
    if at > 0 {
        // With the sign before it, so that a line that begins right here is found.
        match line_at(file, at - 1)? {
            Some(rest) => start = at - 1 + rest.len() as u64,
            None => return Ok(None),
        }
    }
    Ok(line_at(file, start)?.map(|line| (start, line)))
}

/// What stands from `at` up to the end of the line, with it; nothing at the end of the file.
fn line_at(file: &mut File, at: u64) -> io::Result<Option<String>> {
    file.seek(SeekFrom::Start(at))?;
    let mut line = Vec::new();
    let mut reader = io::Read::take(BufReader::with_capacity(256, file), LONGEST_LINE);
    if reader.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    let line = String::from_utf8(line).map_err(io::Error::other)?;
    Ok(Some(line))
}

/// The hash of a line.
fn hash_of(line: &str) -> Option<&str> {
    let hash = line.get(..HASH)?;
    let is_hash = hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let is_over = line[HASH..].trim_end().is_empty() || line[HASH..].starts_with(':');
    (is_hash && is_over).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    /// A folder that is gone with its test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("rooiam-breached-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn file(&self, name: &str, content: &str) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, content).unwrap();
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _gone = fs::remove_dir_all(&self.0);
        }
    }

    fn sha1(first: u8, last: u8) -> [u8; 20] {
        let mut hash = [first; 20];
        hash[19] = last;
        hash
    }

    fn printed(hash: &[u8; 20]) -> String {
        hash.iter().map(|byte| format!("{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn what_stands_in_a_sorted_file_is_found_and_nothing_else(
            known: BTreeSet<[u8; 20]>, others: Vec<[u8; 20]>, ending in "(\r\n|\n)", counts in 0_u32..100_000
        ) {
            prop_assume!(!known.is_empty());
            let folder = Folder::new("sorted");
            let lines: String = known.iter().map(|hash| format!("{}:{counts}{ending}", printed(hash))).collect();
            // The last line may end without a sign.
            for content in [lines.as_str(), lines.trim_end()] {
                let path = folder.file("all.txt", content);
                let breached = BreachedFiles::open(Some(&path)).unwrap().unwrap();
                for hash in known.iter().chain(&others) {
                    prop_assert_eq!(breached.contains(hash).unwrap(), known.contains(hash));
                }
            }
        }
    }

    #[test]
    fn a_folder_of_ranges_is_asked_for_the_one_that_matters() {
        let folder = Folder::new("ranges");
        let all = printed(&sha1(0xab, 7));
        folder.file("00000.txt", "");
        folder.file(
            "ABABA.txt",
            &format!(
                "{}:3\r\n{}:0\r\n",
                &all[PREFIX..],
                &printed(&sha1(0xab, 8))[PREFIX..]
            ),
        );
        let breached = BreachedFiles::open(Some(&folder.0)).unwrap().unwrap();
        assert!(breached.contains(&sha1(0xab, 7)).unwrap());
        assert!(
            !breached.contains(&sha1(0xab, 8)).unwrap(),
            "a hash that never happened"
        );
        assert!(!breached.contains(&sha1(0xab, 9)).unwrap());
        // A range that is missing says nothing about its passwords.
        assert!(breached.contains(&sha1(0xcd, 1)).is_err());
    }

    #[test]
    fn what_is_set_and_cannot_be_used_is_refused_by_the_name_of_its_setting_and_says_what_to_do() {
        assert!(BreachedFiles::open(None).unwrap().is_none());
        let folder = Folder::new("wrong");
        let empty = folder.file("empty.txt", "");
        let wrong = folder.file("wrong.txt", "password\n123456\n");
        for (path, remedy) in [
            (PathBuf::from("/nowhere/hashes.txt"), "check the path"),
            (folder.0.clone(), "like 00000.txt"),
            (empty, "lines like HASH:count"),
            (wrong, "lines like HASH:count"),
        ] {
            let refused = format!("{:#}", BreachedFiles::open(Some(&path)).err().unwrap());
            assert!(
                refused.starts_with("ROOIAM_BREACHED_PASSWORDS_FILE: ") && refused.contains(remedy),
                "{refused}"
            );
        }
    }
}
