//! Digits as people type them.

/// The digit of a script that one of our languages may be typed in, as an ASCII one; anything else as it is.
pub const fn ascii(typed: char) -> char {
    let (zero, value) = match typed {
        // Arabic-Indic, and as Persian and Urdu write them.
        '\u{660}'..='\u{669}' => ('0', typed as u32 - 0x660),
        '\u{6f0}'..='\u{6f9}' => ('0', typed as u32 - 0x6f0),
        // Full width.
        '\u{ff10}'..='\u{ff19}' => ('0', typed as u32 - 0xff10),
        other => return other,
    };
    match char::from_u32(zero as u32 + value) {
        Some(digit) => digit,
        None => typed,
    }
}

#[cfg(test)]
mod tests {
    use super::ascii;

    #[test]
    fn digits_of_other_scripts_are_digits() {
        let ascii = |text: &str| text.chars().map(ascii).collect::<String>();
        assert_eq!(ascii("٠١٢٣٤٥٦٧٨٩"), "0123456789");
        assert_eq!(ascii("۰۱۲۳۴۵۶۷۸۹"), "0123456789");
        assert_eq!(ascii("０１２３４５６７８９"), "0123456789");
        assert_eq!(ascii("a1-"), "a1-");
    }
}
