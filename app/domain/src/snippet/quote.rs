//! Text as a literal, whatever is in it.

/// One word of a POSIX shell: single quotes, and a single quote itself as `'\''`.
pub(super) fn shell(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A string of JavaScript, Python or Deluge. JSON's escapes mean the same there; the two line separators that old
/// JavaScript takes for line ends are escaped too.
pub(super) fn double(text: &str) -> String {
    serde_json::Value::from(text)
        .to_string()
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// A string of Rust.
pub(super) fn rust(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_text_stays_one_word() {
        assert_eq!(shell("a'; rm -rf /; '"), r"'a'\''; rm -rf /; '\'''");
        assert_eq!(
            double("\"); exit(1) #\\\n\u{2028}"),
            r#""\"); exit(1) #\\\n\u2028""#
        );
        assert_eq!(rust("\"); }\\\n\u{202e}"), r#""\"); }\\\n\u{202e}""#);
    }

    proptest! {
        #[test]
        fn the_shell_reads_back_what_was_quoted(text in "[ -~äöü\n]{0,40}") {
            let out = std::process::Command::new("sh").arg("-c").arg(format!("printf %s {}", shell(&text))).output().unwrap();
            prop_assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
        }

        #[test]
        fn a_literal_is_one_line_and_says_the_text(text in any::<String>()) {
            let literal = double(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&literal).unwrap(), text);
            let ends_a_line = |c: char| c < ' ' || c == '\u{2028}' || c == '\u{2029}';
            prop_assert!(!literal.contains(ends_a_line), "{}", literal);
        }

        #[test]
        fn rust_literals_end_where_they_should(text in any::<String>()) {
            let literal = rust(&text);
            let inner = &literal[1..literal.len() - 1];
            let mut escaped = false;
            for c in inner.chars() {
                prop_assert!(escaped || c != '"', "an open quote in {}", literal);
                prop_assert!(!c.is_control());
                escaped = c == '\\' && !escaped;
            }
            prop_assert!(!escaped);
        }
    }
}
