//! How a workspace looks to those who sign in. Whatever colour it chooses, what we paint with it stays readable.

use iam_types::ErrorCode;
use std::{fmt, fmt::Write, str::FromStr};
use url::Url;

/// The contrast that text needs against its ground (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;
/// The contrast that the shape of a button needs (WCAG 2.2, 1.4.11).
const VISIBLE: f64 = 3.0;
/// Of our grounds, those that are hardest to read on; `style/tailwind.css` has them too.
const LIGHT: Colour = Colour([0xfa, 0xfa, 0xfb]);
const DARK: Colour = Colour([0x16, 0x18, 0x1e]);
const BLACK: Colour = Colour([0; 3]);
const WHITE: Colour = Colour([0xff; 3]);

/// A colour in sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour([u8; 3]);

impl Colour {
    /// Relative luminance, 0 to 1 (WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let [red, green, blue] = self.0.map(linear);
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// This colour with `percent` of another.
    fn mixed(self, other: Self, percent: u16) -> Self {
        let mut channels = self.0;
        for (own, foreign) in channels.iter_mut().zip(other.0) {
            let sum = u16::from(*own) * (100 - percent) + u16::from(foreign) * percent;
            *own = u8::try_from(sum / 100).unwrap_or(u8::MAX);
        }
        Self(channels)
    }

    /// The nearest to this colour, towards black on a light ground and white on a dark one, that is readable there.
    fn readable_on(self, ground: Self) -> Self {
        let pole = if ground.luminance() > 0.5 { BLACK } else { WHITE };
        (0..=100)
            .step_by(2)
            .map(|percent| self.mixed(pole, percent))
            .find(|colour| colour.contrast(ground) >= READABLE)
            .unwrap_or(pole)
    }

    /// Black or white, whichever is easier to read on this colour. One of them always can be.
    pub fn ink(self) -> Self {
        if self.contrast(BLACK) > self.contrast(WHITE) {
            BLACK
        } else {
            WHITE
        }
    }
}

impl FromStr for Colour {
    type Err = ErrorCode;

    fn from_str(text: &str) -> Result<Self, ErrorCode> {
        let hex = |digits: &&str| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let digits = text.strip_prefix('#').filter(hex);
        let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number.ok_or(ErrorCode::InvalidColour)?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('#')?;
        self.0.iter().try_for_each(|channel| write!(f, "{channel:02x}"))
    }
}

/// What we paint with an accent colour on one ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// Links.
    pub accent: Colour,
    /// The same under the pointer, and on the tint.
    pub strong: Colour,
    /// A quiet ground.
    pub tint: Colour,
    /// Around buttons whose own colour the ground would swallow.
    pub edge: Colour,
}

impl Shades {
    fn of(colour: Colour, ground: Colour) -> Self {
        let accent = colour.readable_on(ground);
        let tint = ground.mixed(accent, 10);
        let away = if ground == LIGHT { BLACK } else { WHITE };
        Self {
            accent,
            strong: accent.mixed(away, 20).readable_on(tint),
            tint,
            edge: if colour.contrast(ground) < VISIBLE {
                accent
            } else {
                colour
            },
        }
    }

    /// On our light ground.
    pub fn light(colour: Colour) -> Self {
        Self::of(colour, LIGHT)
    }

    /// On our dark ground.
    pub fn dark(colour: Colour) -> Self {
        Self::of(colour, DARK)
    }
}

/// A button's ground under the pointer: further away from its ink, so never harder to read.
fn pressed(colour: Colour) -> Colour {
    let away = if colour.ink() == BLACK { WHITE } else { BLACK };
    colour.mixed(away, 14)
}

/// The style sheet that paints our pages with an accent colour. Buttons have the very colour, with ink that suits it; links
/// have the nearest one that can be read.
pub fn style_sheet(colour: Colour) -> String {
    let (light, dark) = (Shades::light(colour), Shades::dark(colour));
    let mut sheet = String::from(".branded{");
    for (name, light, dark) in [
        ("accent", light.accent, dark.accent),
        ("accent-strong", light.strong, dark.strong),
        ("tint", light.tint, dark.tint),
        ("fill-edge", light.edge, dark.edge),
    ] {
        let _never_fails = write!(sheet, "--color-{name}:light-dark({light},{dark});");
    }
    let _never_fails = writeln!(
        sheet,
        "--color-fill:{colour};--color-fill-strong:{};--color-on-fill:{}}}",
        pressed(colour),
        colour.ink()
    );
    sheet
}

/// Parses where a workspace's people get help: an https page, a mail address, or nothing.
///
/// # Errors
/// [`ErrorCode::InvalidLink`].
pub fn parse_support(text: &str) -> Result<String, ErrorCode> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    if let Ok(address) = text
        .trim_start_matches("mailto:")
        .parse::<crate::account::email::Email>()
    {
        return Ok(format!("mailto:{address}"));
    }
    let url = Url::parse(text).map_err(|_| ErrorCode::InvalidLink)?;
    let plain = url.scheme() == "https" && url.username().is_empty() && url.password().is_none();
    if plain && url.host_str().is_some() && url.as_str().len() <= 400 {
        Ok(url.into())
    } else {
        Err(ErrorCode::InvalidLink)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        let colour = |text: &str| text.parse::<Colour>().unwrap();
        assert!((colour("#000000").contrast(colour("#ffffff")) - 21.0).abs() < 1e-9);
        assert!((colour("#767676").contrast(colour("#ffffff")) - 4.54).abs() < 0.01);
        assert!((colour("#ffff00").contrast(colour("#ffffff")) - 1.07).abs() < 0.01);
    }

    #[test]
    fn a_colour_is_six_digits() {
        assert_eq!("#0aF0ff".parse::<Colour>().unwrap().to_string(), "#0af0ff");
        for bad in [
            "",
            "#fff",
            "red",
            "#12345g",
            "#1234567",
            "#+12345",
            "#éa123",
            "123456",
            "#ffffff;}body{display:none",
        ] {
            assert_eq!(bad.parse::<Colour>(), Err(ErrorCode::InvalidColour), "{bad}");
        }
    }

    #[test]
    fn help_is_an_https_page_or_a_mail_address() {
        for (typed, stored) in [
            ("", ""),
            (
                " https://help.example.com/a?b=c ",
                "https://help.example.com/a?b=c",
            ),
            ("Help@Example.com", "mailto:help@example.com"),
            ("mailto:help@example.com", "mailto:help@example.com"),
        ] {
            assert_eq!(parse_support(typed).as_deref(), Ok(stored));
        }
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt://x.example/%0aalert(1)",
            "data:text/html,x",
            "http://help.example.com",
            "//help.example.com",
            "https://u:p@help.example.com",
            "mailto:a@b.example?bcc=x@y.example",
            "help",
            "vbscript:x",
            "https:///",
        ] {
            assert_eq!(parse_support(bad), Err(ErrorCode::InvalidLink), "{bad}");
        }
    }

    #[test]
    fn a_button_has_the_very_colour_and_ink_that_suits_it() {
        let sheet = |text: &str| style_sheet(text.parse().unwrap());
        assert!(sheet("#e6a700").contains("--color-fill:#e6a700;"));
        assert!(sheet("#e6a700").contains("--color-on-fill:#000000}"));
        assert!(sheet("#3d4fd6").contains("--color-on-fill:#ffffff}"));
    }

    proptest! {
        #[test]
        fn whatever_colour_is_chosen_all_text_is_readable(channels in any::<[u8; 3]>()) {
            for (shades, ground) in [(Shades::light(Colour(channels)), LIGHT), (Shades::dark(Colour(channels)), DARK)] {
                prop_assert!(shades.accent.contrast(ground) >= READABLE);
                prop_assert!(shades.strong.contrast(shades.tint) >= READABLE);
                prop_assert!(shades.edge.contrast(ground) >= VISIBLE);
            }
            let colour = Colour(channels);
            prop_assert!(colour.ink().contrast(colour) >= READABLE);
            prop_assert!(colour.ink().contrast(pressed(colour)) >= READABLE);
        }

        #[test]
        fn a_readable_colour_stays_as_it_is(channels in any::<[u8; 3]>()) {
            let colour = Colour(channels);
            if colour.contrast(LIGHT) >= READABLE {
                prop_assert_eq!(Shades::light(colour).accent, colour);
            }
            prop_assert_eq!(colour.to_string().parse(), Ok(colour));
        }
    }
}
