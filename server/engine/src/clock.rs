//! The one place that asks the machine for the time. Expiry of anything stored is decided by the database's
//! clock; this one serves ids, pages and time-outs.

use time::OffsetDateTime;

/// Now, in UTC.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "everything else asks here")]
pub fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}
