//! What a reader sees of a text.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, EmojiModifier, ExtendedPictographic,
        GeneralCategory, Ideographic, JoiningType, VariationSelector,
    },
};

const ZWNJ: char = '\u{200c}';
const ZWJ: char = '\u{200d}';
/// They ask for a picture's plain and its coloured form (UTS #51 1.4.3).
const PRESENTATION: [char; 2] = ['\u{fe0e}', '\u{fe0f}'];
const KEYCAP: char = '\u{20e3}';
/// Drawn as nothing though no property says so: a braille cell without dots, what stands for an object that is not
/// there, and a note without a head.
const BLANK: [char; 3] = ['\u{2800}', '\u{fffc}', '\u{1d159}'];
/// The most marks on one letter (UTS #39 5.4).
const MOST_MARKS: usize = 4;

/// `text` in one line and its one spelling; nothing if it holds what is not seen.
pub(super) fn line(text: &str) -> Option<String> {
    let text = ComposingNormalizerBorrowed::new_nfc().normalize(text.trim());
    let letters: Vec<char> = text.chars().collect();
    is_seen(&letters).then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The same for several lines, with at most one empty line in a row.
pub(super) fn lines(text: &str) -> Option<String> {
    let text = text.trim().replace("\r\n", "\n").replace('\r', "\n");
    let mut lines: Vec<String> = text.split('\n').map(line).collect::<Option<_>>()?;
    lines.dedup_by(|next, last| next.is_empty() && last.is_empty());
    Some(lines.join("\n"))
}

fn is_seen(letters: &[char]) -> bool {
    let mut marks = 0;
    letters.iter().enumerate().all(|(place, letter)| {
        let (before, after) = (&letters[..place], &letters[place + 1..]);
        marks = if is_mark(*letter) { marks + 1 } else { 0 };
        marks <= MOST_MARKS
            && match *letter {
                joiner @ (ZWNJ | ZWJ) => joins(before, joiner, after),
                selector if set::<VariationSelector>(selector) => selects(before, selector, after),
                mark if is_mark(mark) => {
                    before.last().is_some_and(|last| !last.is_whitespace()) && is_drawn(mark)
                }
                other => is_drawn(other),
            }
    })
}

pub(super) fn is_drawn(letter: char) -> bool {
    use GeneralCategory as Is;
    let category = CodePointMapData::<GeneralCategory>::new().get(letter);
    let hidden = matches!(
        category,
        Is::Control
            | Is::Format
            | Is::Surrogate
            | Is::PrivateUse
            | Is::Unassigned
            | Is::LineSeparator
            | Is::ParagraphSeparator
    );
    !hidden && !set::<DefaultIgnorableCodePoint>(letter) && !BLANK.contains(&letter)
}

fn is_mark(letter: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(letter);
    matches!(
        category,
        GeneralCategory::NonspacingMark | GeneralCategory::EnclosingMark
    ) && !set::<VariationSelector>(letter)
}

/// Whether a joiner changes how its neighbours are written: behind a virama, between cursive letters (RFC 5892 A.1, A.2),
/// or between the pictures of one emoji (UTS #51 2.3).
fn joins(before: &[char], joiner: char, after: &[char]) -> bool {
    let (Some(last), Some(next)) = (before.last(), after.first()) else {
        return false;
    };
    let virama =
        CodePointMapData::<CanonicalCombiningClass>::new().get(*last) == CanonicalCombiningClass::Virama;
    virama
        || if joiner == ZWJ {
            let decorates = |letter: char| PRESENTATION.contains(&letter) || set::<EmojiModifier>(letter);
            let picture = before.iter().rev().find(|letter| !decorates(**letter));
            picture.is_some_and(|picture| set::<ExtendedPictographic>(*picture))
                && set::<ExtendedPictographic>(*next)
        } else {
            let type_of = |letter: &char| CodePointMapData::<JoiningType>::new().get(*letter);
            let joining = |kind: &JoiningType| *kind != JoiningType::Transparent;
            let left = before.iter().rev().map(type_of).find(joining);
            let right = after.iter().map(type_of).find(joining);
            matches!(left, Some(JoiningType::LeftJoining | JoiningType::DualJoining))
                && matches!(right, Some(JoiningType::RightJoining | JoiningType::DualJoining))
        }
}

/// Whether a selector chooses a form of what stands before it: of an ideograph (UTS #37), or of an emoji.
fn selects(before: &[char], selector: char, after: &[char]) -> bool {
    before.last().is_some_and(|last| {
        set::<Ideographic>(*last)
            || PRESENTATION.contains(&selector)
                && (set::<ExtendedPictographic>(*last)
                    || set::<Emoji>(*last) && after.first() == Some(&KEYCAP))
    })
}

fn set<P: icu_properties::props::BinaryProperty>(letter: char) -> bool {
    CodePointSetData::new::<P>().contains(letter)
}
