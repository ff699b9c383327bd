//! The `pattern` of a field: a service's expression as browsers read it.
//!
//! Browsers compile it with the flag `v`, under which more characters must be escaped, and fewer may be. One that cannot
//! be read is left out, since a browser would complain in its console: the server judges the value all the same.

/// What may be escaped anywhere.
const SYNTAX: &str = r"^$\.*+?()[]{}|/";
/// What may be escaped inside brackets besides.
const RESERVED: &str = "&-!#%,:;<=>@`~";
/// Classes and characters that have a letter.
const LETTERS: &str = "dDwWsSnrt";

/// The expression for browsers, around which a value may have been pasted with what is shown beside its field.
#[must_use]
pub fn pattern(expression: &str, before: &str, behind: &str) -> Option<String> {
    let around = |text: &str| {
        let plain: String = text.chars().flat_map(literal).collect();
        if text.is_empty() {
            String::new()
        } else {
            format!("(?:{plain})?")
        }
    };
    translated(expression).map(|own| format!("{}(?:{own}){}", around(before), around(behind)))
}

/// A character as it is.
fn literal(c: char) -> impl Iterator<Item = char> {
    SYNTAX.contains(c).then_some('\\').into_iter().chain([c])
}

fn translated(expression: &str) -> Option<String> {
    let mut to = String::with_capacity(expression.len());
    let mut from = expression.chars().peekable();
    while let Some(c) = from.next() {
        match c {
            '\\' => escape(&mut to, from.next()?, "")?,
            '[' => brackets(&mut to, &mut from)?,
            '(' if from.peek() == Some(&'?') => {
                // Of groups with a meaning, only the one that means nothing is the same everywhere.
                from.next();
                (from.next()? == ':').then(|| to.push_str("(?:"))?;
            }
            c => to.push(c),
        }
    }
    Some(to)
}

fn escape(to: &mut String, c: char, besides: &str) -> Option<()> {
    match c {
        c if SYNTAX.contains(c) || LETTERS.contains(c) || besides.contains(c) => to.extend(['\\', c]),
        c if c.is_alphanumeric() => return None,
        c => to.push(c),
    }
    Some(())
}

/// What stands between brackets, from behind the first one.
fn brackets(to: &mut String, from: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<()> {
    to.push('[');
    if from.next_if_eq(&'^').is_some() {
        to.push('^');
    }
    let start = to.len();
    loop {
        match from.next()? {
            ']' if to.len() == start => return None,
            ']' => break,
            '[' => return None,
            '\\' => escape(to, from.next()?, RESERVED)?,
            '-' if ranges(&to[start..]) && from.peek() != Some(&']') => to.push('-'),
            c if SYNTAX.contains(c) || RESERVED.contains(c) => to.extend(['\\', c]),
            c => to.push(c),
        }
    }
    to.push(']');
    Some(())
}

/// Whether what stands before a hyphen may begin a range: something, and no class of characters.
fn ranges(before: &str) -> bool {
    let class = |c: char| before.strip_suffix(c).is_some_and(|rest| rest.ends_with('\\'));
    !before.is_empty() && !"dDwWsS".chars().any(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_browsers_would_refuse_is_written_their_way() {
        for (own, theirs) in [
            ("[a-z0-9-]+", r"[a-z0-9\-]+"),
            ("[-_.a-z]{2,}", r"[\-_\.a-z]{2,}"),
            (r"AC[0-9a-f]{32}", "AC[0-9a-f]{32}"),
            (r"\d{4}\-[^/&&|]+", r"\d{4}-[^\/\&\&\|]+"),
            (r"(?:eu|us)\.x", r"(?:eu|us)\.x"),
            (r"[\w\-\_]+", r"[\w\-_]+"),
            (r"[\w-.]+", r"[\w\-\.]+"),
        ] {
            assert_eq!(translated(own).as_deref(), Some(theirs), "{own}");
        }
        for unknown in ["(?i)a", r"\Aa", "[[:alpha:]]", "[]a]", "[a", r"a\"] {
            assert_eq!(translated(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_value_may_be_pasted_whole() {
        let whole = pattern("[a-z]+", "https://", ".my-shop.com");
        assert_eq!(
            whole.as_deref(),
            Some(r"(?:https:\/\/)?(?:[a-z]+)(?:\.my-shop\.com)?")
        );
    }
}
