//! Addresses as people paste them: out of mail programs, web pages and tables, with names, brackets, `mailto:` and
//! characters that nobody sees. What is read here is then held to the rules of [`Email`].

use crate::account::email::Email;
use email_address::{EmailAddress, Options};
use iam_types::ErrorCode;
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// How many addresses one form takes.
pub const MOST_AT_ONCE: usize = 100;

/// Pairs that people put around an address.
const PAIRS: [(char, char); 9] = [
    ('<', '>'),
    ('(', ')'),
    ('[', ']'),
    ('"', '"'),
    ('\'', '\''),
    ('`', '`'),
    ('“', '”'),
    ('„', '“'),
    ('‘', '’'),
];

/// What separates addresses on a line, in the scripts that have signs of their own for it.
const SEPARATORS: [char; 5] = [',', ';', '，', '；', '、'];

/// Several pasted addresses.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PastedList {
    /// Each once, with the text that it was read from, in alphabetical order, so that two who name the same people lock
    /// them in the same order.
    pub addresses: Vec<(Email, String)>,
    /// Texts that are no address, and addresses beyond [`MOST_AT_ONCE`].
    pub refused: Vec<(String, ErrorCode)>,
}

/// Reads one address.
///
/// # Errors
/// [`ErrorCode::InvalidEmail`].
pub fn parse_pasted(text: &str) -> Result<Email, ErrorCode> {
    let text = visible(text);
    let text = unwrapped(&text);
    let text = match text.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => without_scheme(rest)?,
        _ => text.to_owned(),
    };
    let Some((name, address)) = text.rsplit_once('<') else {
        return text.parse();
    };
    let address = address.strip_suffix('>').filter(|_| !name.contains('<'));
    // RFC 5322 3.4 allows blanks, or none, where this parser wants it otherwise.
    let mailbox = format!(
        "{} <{}>",
        name.trim_end(),
        address.ok_or(ErrorCode::InvalidEmail)?.trim()
    );
    let options = Options::default().with_display_text().without_domain_literal();
    let mailbox = EmailAddress::parse_with_options(&mailbox, options).map_err(|_| ErrorCode::InvalidEmail)?;
    mailbox.email().parse()
}

/// Reads several: one a line, or separated by commas, semicolons or blanks. What cannot be read is named and spoils nothing else.
///
/// # Errors
/// [`ErrorCode::InvalidEmail`] when there is nothing to read.
pub fn parse_pasted_list(text: &str) -> Result<PastedList, ErrorCode> {
    let mut addresses = BTreeMap::new();
    let mut refused = Vec::new();
    for piece in text.lines().flat_map(pieces) {
        match parse_pasted(&piece) {
            Ok(address) if addresses.contains_key(address.as_str()) => {}
            Ok(_) if addresses.len() == MOST_AT_ONCE => refused.push((piece, ErrorCode::TooManyAtOnce)),
            Ok(address) => {
                addresses.insert(address.to_string(), (address, piece));
            }
            Err(code) => refused.push((piece, code)),
        }
    }
    if addresses.is_empty() && refused.is_empty() {
        return Err(ErrorCode::InvalidEmail);
    }
    Ok(PastedList {
        addresses: addresses.into_values().collect(),
        refused,
    })
}

/// The text without characters that nobody sees, and with one kind of blank.
fn visible(text: &str) -> String {
    let hidden = |c: char| {
        matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    text.chars()
        .filter(|c| !hidden(*c))
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect()
}

/// The text without what stands around it.
fn unwrapped(text: &str) -> &str {
    let mut text = text;
    loop {
        let shorter = text
            .trim()
            .trim_end_matches(['.', ',', ';', ':'])
            .trim_start_matches([',', ';']);
        let inside = PAIRS
            .iter()
            .find_map(|(open, close)| shorter.strip_prefix(*open)?.strip_suffix(*close));
        match inside {
            Some(inside) => text = inside,
            None if shorter == text => return text,
            None => text = shorter,
        }
    }
}

/// The address of a `mailto:` link (RFC 6068 2), whose octets may be percent-encoded.
fn without_scheme(rest: &str) -> Result<String, ErrorCode> {
    let address = rest.split('?').next().unwrap_or_default();
    let decoded = percent_decode_str(address).decode_utf8();
    Ok(decoded.map_err(|_| ErrorCode::InvalidEmail)?.into_owned())
}

/// What may be one address each. A name in quotes or without them may hold a comma: `"Lovelace, Ada" <a@b.c>`.
fn pieces(line: &str) -> Vec<String> {
    let line = visible(line);
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut rest = line.chars();
    let mut quoted = false;
    while let Some(c) = rest.next() {
        if c == '"' {
            quoted = !quoted && rest.as_str().contains('"');
        }
        let ends = !quoted && SEPARATORS.contains(&c);
        let is_part_of_a_name = ends && c == ',' && !piece.contains('@') && opens_first(rest.as_str());
        if !ends || is_part_of_a_name {
            piece.push(c);
        }
        if (ends && !is_part_of_a_name) || (c == '>' && !quoted) {
            pieces.extend(words(&piece));
            piece.clear();
        }
    }
    pieces.extend(words(&piece));
    pieces
}

/// Whether an address in brackets comes before the next separator.
fn opens_first(rest: &str) -> bool {
    let end = rest.find(SEPARATORS).unwrap_or(rest.len());
    rest.get(..end).is_some_and(|part| part.contains('<'))
}

/// The words of a piece where each is an address of its own, else the piece.
fn words(piece: &str) -> Vec<String> {
    let words: Vec<_> = piece.split_whitespace().map(str::to_owned).collect();
    if words.len() > 1 && words.iter().all(|word| word.contains('@')) {
        return words;
    }
    let piece = piece.trim();
    let empty = !piece.chars().any(char::is_alphanumeric);
    if empty { Vec::new() } else { vec![piece.to_owned()] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> PastedList {
        parse_pasted_list(text).unwrap()
    }

    fn addresses(text: &str) -> Vec<String> {
        let list = read(text);
        assert_eq!(list.refused, [], "{text}");
        list.addresses
            .iter()
            .map(|(address, _)| address.to_string())
            .collect()
    }

    #[test]
    fn one_address_is_read_however_it_was_pasted() {
        for text in [
            "ada@example.com",
            " Ada@Example.COM\t",
            "\"Ada Lovelace\" <ada@example.com>",
            "\"Lovelace, Ada\"<ada@example.com>",
            "Ada Lovelace <ada@example.com>",
            "Ada < ada@example.com >",
            "<ada@example.com>",
            "\"<ada@example.com>\"",
            "'ada@example.com'",
            "“ada@example.com”",
            "(ada@example.com)",
            "ada@example.com.",
            "ada@example.com;",
            "ada@example.com,",
            "mailto:ada@example.com",
            "MAILTO:ada@example.com?subject=Hello%20there",
            "<mailto:ada@example.com>",
            "mailto:%61da%40example.com",
            "\u{feff}ada@example.com",
            "ada\u{200b}@example.com\u{200b}",
            "\u{a0}ada@example.com\u{a0}",
            "\u{202a}ada@example.com\u{202c}",
        ] {
            assert_eq!(
                parse_pasted(text).map(|email| email.to_string()),
                Ok("ada@example.com".to_owned()),
                "{text:?}"
            );
        }
        assert_eq!(
            parse_pasted("mailto:ada%2Bnews@example.com").map(|email| email.to_string()),
            Ok("ada+news@example.com".to_owned())
        );
    }

    #[test]
    fn what_is_no_address_stays_none() {
        for text in [
            "",
            " ",
            "<>",
            "\"\"",
            "ada",
            "Ada <ada>",
            "Ada <ada@example.com",
            "Ada <ada@example.com> x",
            "ada@example.com\r\nBcc: eve@example.com",
            "ada@exam ple.com",
            "a@b@c",
            "Ada <ada@example.com> <eve@example.com>",
            "mailto:ada@example.com,eve@example.com",
            "mailto:ada@example.com%0d%0aBcc:eve@example.com",
            "mailto:%ff@example.com",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(parse_pasted(text), Err(ErrorCode::InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn lists_are_read_as_people_paste_them() {
        let text = "\u{feff}Ada Lovelace <Ada@Example.com>; grace@example.com,\r\n alan@example.com\tADA@example.com\n\n\
                    Turing, Alan <alan@example.com>; \"Hopper; Grace\" <grace@example.com>\n<bob@example.com>,";
        assert_eq!(
            addresses(text),
            [
                "ada@example.com",
                "alan@example.com",
                "bob@example.com",
                "grace@example.com"
            ]
        );
        assert_eq!(addresses("Ada <ada@example.com> Bob <bob@example.com>").len(), 2);
    }

    #[test]
    fn a_wrong_line_is_named_and_spoils_no_other() {
        let list = read("ada@example.com, grace\n\"unfinished bob@example.com\nEve <eve@example.com> ha");
        assert_eq!(list.addresses.len(), 2);
        let wrong: Vec<_> = list.refused.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(wrong, ["grace", "\"unfinished bob@example.com", "ha"]);
        for text in ["", " ,;\n", "\u{200b}"] {
            assert!(parse_pasted_list(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn addresses_beyond_the_most_are_left_over() {
        let many: String = (0..MOST_AT_ONCE + 2)
            .map(|n| format!("p{n}@example.com\np{n}@example.com\n"))
            .collect();
        let list = read(&many);
        assert_eq!(list.addresses.len(), MOST_AT_ONCE);
        let last = |n| (format!("p{n}@example.com"), ErrorCode::TooManyAtOnce);
        assert_eq!(list.refused[0], last(MOST_AT_ONCE));
        assert_eq!(list.refused[2], last(MOST_AT_ONCE + 1));
    }

    proptest! {
        #[test]
        fn what_was_read_reads_again_the_same(names in proptest::collection::vec("[a-z]{1,8}", 1..20)) {
            let text: Vec<String> = names.iter().map(|name| format!("{name}@example.com")).collect();
            let once = addresses(&text.join(" "));
            prop_assert_eq!(addresses(&once.join(", ")), once);
        }

        #[test]
        fn no_paste_breaks_the_reader_and_nothing_of_it_is_lost(text in "\\PC{0,60}|[\"<>@a-z,;. \n]{0,60}") {
            if let Ok(list) = parse_pasted_list(&text) {
                for (address, line) in &list.addresses {
                    prop_assert_eq!(parse_pasted(line), Ok(address.clone()));
                }
                for (line, _) in &list.refused {
                    prop_assert!(!line.is_empty());
                }
            }
        }
    }
}
