//! A coloured square with a letter or two, in the place of a logo.

use leptos::prelude::*;

/// The hues that the style sheet knows, `hue-0` and so on, in degrees.
const HUES: [u16; 12] = [255, 290, 325, 10, 45, 145, 180, 220, 25, 95, 120, 345];
/// How many of them a name may get: what a name looks like must not change when hues are added.
const OF_NAMES: u32 = 8;

/// A monogram that was chosen: what a default service has instead of its maker's logo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// One letter or two.
    pub letters: String,
    /// Degrees on the colour wheel; the nearest hue that the style sheet knows is taken.
    pub hue: u16,
}

impl Mark {
    /// Draws it.
    #[must_use]
    pub fn view(&self) -> AnyView {
        let distance = |hue: u16| {
            let apart = hue.abs_diff(self.hue % 360);
            apart.min(360 - apart)
        };
        let nearest = (0..HUES.len())
            .min_by_key(|at| distance(HUES[*at]))
            .unwrap_or_default();
        square(nearest, self.letters.chars().take(2).collect())
    }
}

/// The monogram of a name; the colour depends on the name alone, so that a thing looks the same everywhere.
#[must_use]
pub fn monogram(name: &str) -> AnyView {
    let hue = name
        .bytes()
        .fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
        % OF_NAMES;
    let letter: String = name
        .chars()
        .find(|c| c.is_alphanumeric())
        .map(|c| c.to_uppercase().collect())
        .unwrap_or_else(|| "·".into());
    square(hue as usize, letter)
}

/// The given mark, or a name's own.
#[must_use]
pub fn mark(given: Option<&Mark>, name: &str) -> AnyView {
    given.map_or_else(|| monogram(name), Mark::view)
}

fn square(hue: usize, letters: String) -> AnyView {
    let small = letters.chars().count() > 1;
    let class = format!("monogram hue-{hue}{}", if small { " double" } else { "" });
    view! {
        <span class=class aria-hidden="true">
            {letters}
        </span>
    }
    .into_any()
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

    #[test]
    fn a_given_mark_takes_the_nearest_hue() {
        let mark = |letters: &str, hue| {
            Mark {
                letters: letters.into(),
                hue,
            }
            .view()
            .to_html()
        };
        assert!(mark("Slack", 326).contains("hue-2") && mark("Slack", 326).contains(">Sl<"));
        assert!(mark("X", 359).contains("hue-3"), "10 degrees are nearer than 345");
        assert!(mark("X", 1000).contains("monogram"));
    }
}
