//! Who used what in the last minute, in this process: spares the database a write a call.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::id::{ConnectionId, FunctionKeyId};
use tokio::time::Instant;

const AGAIN: Duration = Duration::from_secs(60);
/// Beyond this many pairs the notes are thrown away: the database then says itself what is new.
const MOST: usize = 50_000;

/// When each pair was last noted.
#[derive(Default)]
pub(crate) struct Uses(Mutex<HashMap<(FunctionKeyId, ConnectionId), Instant>>);

impl Uses {
    /// Whether this use is worth a write.
    pub(crate) fn is_news(&self, key: FunctionKeyId, connection: ConnectionId) -> bool {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let news = notes
            .get(&(key, connection))
            .is_none_or(|at| now.duration_since(*at) >= AGAIN);
        if news {
            if notes.len() >= MOST {
                notes.clear();
            }
            notes.insert((key, connection), now);
        }
        news
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn one_write_a_minute_and_pair() {
        let uses = Uses::default();
        let (key, connection) = (
            FunctionKeyId::from_uuid(Uuid::nil()),
            ConnectionId::from_uuid(Uuid::nil()),
        );
        assert!(uses.is_news(key, connection));
        assert!(!uses.is_news(key, connection));
        assert!(uses.is_news(key, ConnectionId::from_uuid(Uuid::max())));
    }
}
