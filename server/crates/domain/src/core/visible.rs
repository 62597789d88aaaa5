//! Text of people that others see: names, and the lines in which somebody says why or to whom.
//!
//! It is stored in one spelling (Unicode NFC, single blanks, none at the ends) and holds nothing that a reader cannot
//! see: no controls, nothing that turns the direction of what follows (UAX #9 2), nothing that is drawn as nothing (UAX
//! #44, `Default_Ignorable_Code_Point`) but for the joiners and selectors that languages and emoji are written with.

mod address;
mod sight;

use iam_types::ErrorCode;
use std::{fmt, str::FromStr};

/// The most characters of a name.
const MOST_OF_A_NAME: usize = 80;
/// The most characters of a line.
const MOST_OF_A_LINE: usize = 200;
/// The most characters of a few lines.
const MOST_OF_LINES: usize = 400;

/// What a reader sees of what somebody else says, for whom none of it is a name here.
pub fn drawn(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| sight::is_drawn(*letter))
}

macro_rules! text_of_people {
    ($type:ident) => {
        impl $type {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// A name that others see: of a workspace, an app, a role, a group or a person. 1 to 80 characters in one line.
///
/// Names stand in the subject and text of mails that we send to strangers, so none leads anywhere: no web address, no
/// domain with something behind it, no mail address. A bare domain is a name, since companies are called so.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VisibleName(String);

/// A line that others see, as the reason of a suspension: 1 to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextLine(String);

/// A few lines that others see, as what a workspace says to those who sign in: at most 400 characters, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TextLines(String);

text_of_people!(VisibleName);
text_of_people!(TextLine);
text_of_people!(TextLines);

impl VisibleName {
    /// Wraps a stored name.
    pub const fn stored(name: String) -> Self {
        Self(name)
    }

    /// Wraps a name that stricter rules than these let through.
    pub(crate) fn plain(word: &str) -> Self {
        Self(word.to_owned())
    }
}

impl FromStr for VisibleName {
    type Err = ErrorCode;

    /// Fails with [`ErrorCode::InvalidName`] for a length, [`ErrorCode::InvisibleText`], [`ErrorCode::AddressInName`].
    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let name = read(text, MOST_OF_A_NAME, sight::line, ErrorCode::InvalidName)?;
        if name.is_empty() {
            Err(ErrorCode::InvalidName)
        } else if address::leads_somewhere(&name) {
            Err(ErrorCode::AddressInName)
        } else {
            Ok(Self(name))
        }
    }
}

impl FromStr for TextLine {
    type Err = ErrorCode;

    /// Fails with [`ErrorCode::InvalidText`] for a length, [`ErrorCode::InvisibleText`].
    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let line = read(text, MOST_OF_A_LINE, sight::line, ErrorCode::InvalidText)?;
        if line.is_empty() {
            Err(ErrorCode::InvalidText)
        } else {
            Ok(Self(line))
        }
    }
}

impl FromStr for TextLines {
    type Err = ErrorCode;

    /// Fails with [`ErrorCode::InvalidText`] for a length, [`ErrorCode::InvisibleText`].
    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        read(text, MOST_OF_LINES, sight::lines, ErrorCode::InvalidText).map(Self)
    }
}

/// The one spelling of `text`, of at most `most` characters.
fn read(
    text: &str,
    most: usize,
    seen: fn(&str) -> Option<String>,
    too_long: ErrorCode,
) -> Result<String, ErrorCode> {
    // NFC makes one character of at most four, of at most four bytes each: what is longer than that is not read at all.
    if text.trim().len() > most * 16 {
        return Err(too_long);
    }
    let text = seen(text).ok_or(ErrorCode::InvisibleText)?;
    if text.chars().count() <= most {
        Ok(text)
    } else {
        Err(too_long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn name(text: &str) -> Result<String, ErrorCode> {
        text.parse::<VisibleName>().map(|name| name.to_string())
    }

    #[test]
    fn a_name_has_one_spelling() {
        for (typed, stored) in [
            ("  Acme\t\n", "Acme"),
            ("Acme  \u{a0}\u{3000} Corp", "Acme Corp"),
            ("Cafe\u{301} Zu\u{308}rich", "Café Zürich"),
            ("\u{1112}\u{1161}\u{11ab}글", "한글"),
        ] {
            assert_eq!(name(typed).as_deref(), Ok(stored), "{typed:?}");
        }
    }

    #[test]
    fn names_of_all_languages_and_markup_are_names() {
        for good in [
            "Acme & Sons <Berlin>",
            "</title><script>alert(1)</script>",
            "L’Oréal «Paris»",
            "株式会社スイス",
            "شرکت می\u{200c}خواهم",
            "क्\u{200d}ष संस्था",
            "חברה בע״מ",
            "Нгуен Thị Ánh Ngọc",
            "❤\u{fe0f} Team 👩\u{200d}💻 🏳\u{fe0f}\u{200d}🌈 1\u{fe0f}\u{20e3}",
            "👩🏽\u{200d}🔬 Lab",
            "葛\u{e0100}城",
            "🇩🇪",
        ] {
            assert_eq!(name(good).as_deref(), Ok(good), "{good:?}");
        }
    }

    #[test]
    fn a_name_is_neither_empty_nor_long() {
        assert_eq!(name(&"ü".repeat(80)), Ok("ü".repeat(80)));
        assert_eq!(name(&"u\u{308}".repeat(80)), Ok("ü".repeat(80)));
        for bad in ["", " \t\r\n", &"x".repeat(81), &"x".repeat(4096)] {
            assert_eq!(name(bad), Err(ErrorCode::InvalidName));
        }
    }

    #[test]
    fn what_cannot_be_seen_or_turns_the_text_is_refused_wherever_it_stands() {
        let unseen = [
            0x00, 0x07, 0x0a, 0x1b, 0x7f, 0x85, 0xad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x180b, 0x180e,
            0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
            0x2060, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0x206a, 0x2800, 0x3164, 0xe000, 0xfe00, 0xfe0e,
            0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xfffc, 0xffff, 0x1d159, 0x1d173, 0xe0001, 0xe0041, 0xe007f,
            0xe0100, 0xf0000,
        ];
        for letter in unseen.map(|code| char::from_u32(code).unwrap()) {
            let text = format!("Ac{letter}me");
            assert_eq!(name(&text), Err(ErrorCode::InvisibleText), "{text:?}");
            assert_eq!(
                text.parse::<TextLine>(),
                Err(ErrorCode::InvisibleText),
                "{text:?}"
            );
            if letter != '\n' {
                assert_eq!(
                    text.parse::<TextLines>(),
                    Err(ErrorCode::InvisibleText),
                    "{text:?}"
                );
            }
            // The white space among them is nothing at all when it stands alone.
            let alone = String::from(letter);
            let code = if letter.is_whitespace() {
                ErrorCode::InvalidName
            } else {
                ErrorCode::InvisibleText
            };
            assert_eq!(name(&alone), Err(code), "{alone:?}");
        }
    }

    #[test]
    fn marks_stand_on_letters_and_do_not_grow_over_other_lines() {
        assert!(name(&format!("e{}", "\u{323}\u{302}\u{301}")).is_ok());
        for bad in [
            "\u{301}",
            "\u{301}Acme",
            "Ac \u{20d2}",
            &format!("Z{}", "\u{335}\u{489}".repeat(3)),
        ] {
            assert_eq!(name(bad), Err(ErrorCode::InvisibleText), "{bad:?}");
        }
    }

    #[test]
    fn a_few_lines_keep_their_breaks_but_no_long_gaps() {
        for (typed, stored) in [
            (" Hello\r\nthere ", "Hello\nthere"),
            ("a \n\n\n\n b\rc", "a\n\nb\nc"),
            ("", ""),
            ("See https://status.example", "See https://status.example"),
        ] {
            assert_eq!(
                typed.parse::<TextLines>().map(|lines| lines.0).as_deref(),
                Ok(stored)
            );
        }
        assert_eq!("x".repeat(401).parse::<TextLines>(), Err(ErrorCode::InvalidText));
        assert_eq!("a\u{7}b".parse::<TextLines>(), Err(ErrorCode::InvisibleText));
        assert_eq!("x".repeat(201).parse::<TextLine>(), Err(ErrorCode::InvalidText));
        assert_eq!(" ".parse::<TextLine>(), Err(ErrorCode::InvalidText));
        assert!("Ticket 7: https://desk.example/7".parse::<TextLine>().is_ok());
    }

    proptest! {
        #[test]
        fn what_was_read_reads_again_the_same(text in "\\PC{0,30}|[a\u{301}\u{200d}\u{fe0f}❤ \u{3000}é]{0,12}") {
            if let Ok(once) = name(&text) {
                prop_assert_eq!(name(&once), Ok(once.clone()));
                prop_assert!(!once.chars().any(char::is_control) && once == once.trim());
            }
            if let Ok(once) = text.parse::<TextLines>() {
                prop_assert_eq!(once.as_str().parse(), Ok(once.clone()));
            }
        }
    }
}
