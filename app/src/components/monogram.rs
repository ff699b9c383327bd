//! A coloured square with one letter, in the place of a logo.

use leptos::prelude::*;

/// The hues that the style sheet knows, `hue-0` and so on.
pub const HUES: u32 = 8;

/// The monogram of a name; the colour depends on the name alone, so that a thing looks the same everywhere.
#[must_use]
pub fn monogram(name: &str) -> impl IntoView + use<> {
    let hue = name
        .bytes()
        .fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
        % HUES;
    let letter: String = name
        .chars()
        .find(|c| c.is_alphanumeric())
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_else(|| "·".into());
    view! {
        <span class=format!("monogram hue-{hue}") aria-hidden="true">
            {letter}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_whatever_the_name_is() {
        for (name, letter) in [
            ("zoom", ">Z<"),
            ("<script>", ">S<"),
            ("東京", ">東<"),
            ("…", ">·<"),
        ] {
            assert!(monogram(name).to_html().contains(letter), "{name}");
        }
    }
}
