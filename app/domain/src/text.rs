//! Rules that every single-line text shares.

/// Why a single-line text was refused. The words complete "The … ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is missing")]
    Empty,
    /// More characters than the field takes.
    #[error("is too long: at most {0} characters")]
    TooLong(usize),
    /// A line break, NUL or another control or direction-changing character.
    #[error("contains a line break or an invisible character; type it again without")]
    Invisible,
}

/// Trims the ends and refuses control characters and the invisible characters that reorder or hide text.
///
/// # Errors
/// [`TextError`] names the rule that was broken; `limit` counts characters.
pub fn single_line(raw: &str, limit: usize) -> Result<&str, TextError> {
    // Line breaks at the ends are not trimmed away: a value that carries one was not typed into a field.
    let text = raw.trim_matches([' ', '\t']);
    if text.is_empty() {
        Err(TextError::Empty)
    } else if text.chars().any(is_invisible) {
        Err(TextError::Invisible)
    } else if text.chars().count() > limit {
        Err(TextError::TooLong(limit))
    } else {
        Ok(text)
    }
}

/// Controls, bidirectional overrides, zero-width characters and line separators.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}')
}

/// Cuts untrusted words (a provider's error text) to `limit` characters and replaces what cannot be shown.
#[must_use]
pub fn quoted(raw: &str, limit: usize) -> String {
    let mut text: String = raw
        .chars()
        .take(limit)
        .map(|c| if is_invisible(c) { ' ' } else { c })
        .collect();
    if raw.chars().nth(limit).is_some() {
        text.push('…');
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trims_and_keeps_ordinary_text() {
        assert_eq!(single_line("  Zoom Meeting ", 20), Ok("Zoom Meeting"));
        assert_eq!(single_line("Überweisung 東京", 20), Ok("Überweisung 東京"));
    }

    #[test]
    fn refuses_what_cannot_be_seen() {
        for hostile in ["a\r\nb", "a\0b", "a\u{202e}b", "a\u{200b}b", "tail\n"] {
            assert_eq!(single_line(hostile, 20), Err(TextError::Invisible), "{hostile:?}");
        }
        assert_eq!(single_line(" \t", 20), Err(TextError::Empty));
        assert_eq!(single_line("aaaa", 3), Err(TextError::TooLong(3)));
    }

    #[test]
    fn quotes_untrusted_words_bounded() {
        assert_eq!(quoted("bad\r\nthing", 20), "bad  thing");
        assert_eq!(quoted("abcdef", 3), "abc…");
    }
}
