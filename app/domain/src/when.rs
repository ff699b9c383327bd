//! Times and numbers as people say them: "in 42 minutes", "3 Nov", "2 connections".
//!
//! The server computes the words from its own clock; the browser refines them with the same functions.

use time::OffsetDateTime;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// From here on a date says more than a number of days.
pub const FAR: i64 = 31 * DAY;

/// A distance in seconds from now, negative for the past.
#[must_use]
pub fn relative(seconds: i64) -> String {
    let distance = seconds.saturating_abs();
    // Rounded, so that 59 minutes and 50 seconds are an hour and not "59 minutes".
    let round = |unit: i64| (distance.saturating_add(unit / 2)) / unit;
    let amount = match distance {
        0..45 if seconds > 0 => return "in a moment".into(),
        0..45 => return "just now".into(),
        _ if round(MINUTE) < 60 => count(round(MINUTE).max(1), "minute"),
        _ if round(HOUR) < 24 => count(round(HOUR), "hour"),
        _ => count(round(DAY), "day"),
    };
    if seconds > 0 {
        format!("in {amount}")
    } else {
        format!("{amount} ago")
    }
}

/// A moment seen from `now`: the distance where it is near, the date where it is far.
#[must_use]
pub fn words(then: OffsetDateTime, now: OffsetDateTime) -> String {
    let seconds = (then - now).whole_seconds();
    if seconds.saturating_abs() < FAR {
        relative(seconds)
    } else {
        date(then, now)
    }
}

/// `3 Nov`, with its year where that is not the current one.
#[must_use]
pub fn date(then: OffsetDateTime, now: OffsetDateTime) -> String {
    let day_and_month = format!("{} {}", then.day(), month(then));
    if then.year() == now.year() {
        day_and_month
    } else {
        format!("{day_and_month} {}", then.year())
    }
}

/// `3 Nov 2026, 14:05 UTC`.
#[must_use]
pub fn exact(then: OffsetDateTime) -> String {
    let then = then.to_offset(time::UtcOffset::UTC);
    format!(
        "{} {} {}, {:02}:{:02} UTC",
        then.day(),
        month(then),
        then.year(),
        then.hour(),
        then.minute()
    )
}

/// The form that machines read (RFC 3339, whole seconds, UTC).
#[must_use]
pub fn machine(then: OffsetDateTime) -> String {
    let then = then.to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        then.year(),
        u8::from(then.month()),
        then.day(),
        then.hour(),
        then.minute(),
        then.second()
    )
}

/// `1 key`, `2 keys`, `no keys`.
#[must_use]
pub fn count(number: i64, word: &str) -> String {
    match number {
        0 => format!("no {word}s"),
        1 => format!("1 {word}"),
        _ => format!("{number} {word}s"),
    }
}

fn month(then: OffsetDateTime) -> &'static str {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    NAMES[usize::from(u8::from(then.month())) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn near_moments_are_distances() {
        for (seconds, expected) in [
            (0, "just now"),
            (-44, "just now"),
            (44, "in a moment"),
            (45, "in 1 minute"),
            (-90, "2 minutes ago"),
            (42 * MINUTE, "in 42 minutes"),
            (59 * MINUTE + 50, "in 1 hour"),
            (-3 * HOUR, "3 hours ago"),
            (23 * HOUR + 45 * MINUTE, "in 1 day"),
            (6 * DAY, "in 6 days"),
            (-30 * DAY, "30 days ago"),
        ] {
            assert_eq!(relative(seconds), expected, "{seconds}");
        }
        assert!(relative(i64::MIN).ends_with("days ago"), "no overflow");
    }

    #[test]
    fn far_moments_are_dates() {
        let now = datetime!(2026-11-21 12:00 UTC);
        assert_eq!(words(datetime!(2026-11-20 12:00 UTC), now), "1 day ago");
        assert_eq!(words(datetime!(2026-03-03 12:00 UTC), now), "3 Mar");
        assert_eq!(words(datetime!(2027-12-24 12:00 UTC), now), "24 Dec 2027");
        let summer = datetime!(2026-11-03 16:05:09 +2);
        assert_eq!(exact(summer), "3 Nov 2026, 14:05 UTC");
        assert_eq!(machine(summer), "2026-11-03T14:05:09Z");
    }

    #[test]
    fn numbers_agree_with_their_words() {
        assert_eq!(count(0, "key"), "no keys");
        assert_eq!(count(1, "key"), "1 key");
        assert_eq!(count(12, "key"), "12 keys");
    }
}
