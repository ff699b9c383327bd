//! Lists in pages. A page begins behind the last thing of the page before it, the newest first: what is made meanwhile
//! stands before all pages that were read, so nothing is shown twice and nothing is left out.

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Paged<T> {
    /// Its things.
    pub items: Vec<T>,
    /// Whether there are more behind them.
    pub more: bool,
}

/// How many rows to read for a page: one more tells whether there are more.
pub(crate) fn wanted(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1)
}

impl<T> Paged<T> {
    /// The first `most` of what was read.
    pub(crate) fn cut(mut items: Vec<T>, most: usize) -> Self {
        let more = items.len() > most;
        items.truncate(most);
        Self { items, more }
    }
}
