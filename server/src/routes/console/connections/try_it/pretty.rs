//! JSON with a line for each value. Only white space changes: numbers, order and doubled names stay as the provider
//! wrote them, which reading and writing again would not keep.

use serde_json::Value;

/// The text with line breaks; None where it is not JSON.
pub(super) fn pretty(text: &str) -> Option<String> {
    serde_json::from_str::<Value>(text).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0;
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let token = if c == '"' {
            string(rest)
        } else {
            &rest[..c.len_utf8()]
        };
        rest = rest[token.len()..].trim_start_matches(|c: char| c.is_ascii_whitespace());
        match c {
            '{' | '[' if rest.starts_with(['}', ']']) => {
                out.push(c);
                out.push_str(&rest[..1]);
                rest = rest[1..].trim_start();
            }
            '{' | '[' => {
                depth += 1;
                out.push(c);
                line(&mut out, depth);
            }
            '}' | ']' => {
                depth -= 1;
                line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            _ => out.push_str(token),
        }
    }
    Some(out)
}

fn line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// The string at the beginning, its quotes included.
fn string(text: &str) -> &str {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text, |(at, _)| &text[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_changes() {
        let text = r#" {"b": 1.10, "a":[1,{ },"x \" , {\\"], "b":12345678901234567890123, "c":[ ]} "#;
        let shown = pretty(text).unwrap();
        assert_eq!(
            shown,
            "{\n  \"b\": 1.10,\n  \"a\": [\n    1,\n    {},\n    \"x \\\" , {\\\\\"\n  ],\n  \"b\": 12345678901234567890123,\n  \"c\": []\n}"
        );
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        for text in ["", "<p>", "{", "a=1", "{\"a\":1}}"] {
            assert_eq!(pretty(text), None, "{text}");
        }
        assert_eq!(pretty(" true "), Some("true".into()));
        assert_eq!(pretty("\"a\""), Some("\"a\"".into()));
    }
}
