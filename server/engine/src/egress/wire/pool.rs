//! Connections that wait for the next call.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::super::origin::Origin;
use super::line::Line;

/// Providers close idle connections after a minute or so; one that is closed from here surprises nobody.
const IDLE: Duration = Duration::from_secs(30);
/// Most that wait for one origin.
const MOST: usize = 256;

/// By origin; the one that was used last is used first.
#[derive(Default)]
pub(in crate::egress) struct Pool(Mutex<Waiting>);

/// In boxes: a line is large, and is handed around at every call.
type Waiting = HashMap<Origin, Vec<Box<Line>>>;

impl Pool {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(&self, origin: &Origin) -> Option<Box<Line>> {
        self.lock().get_mut(origin)?.pop()
    }

    pub(in crate::egress) fn put(&self, origin: &Origin, mut line: Box<Line>) {
        line.idle_since = Instant::now();
        let mut lines = self.lock();
        match lines.get_mut(origin) {
            Some(waiting) if waiting.len() < MOST => waiting.push(line),
            Some(_) => {}
            None => {
                lines.insert(origin.clone(), vec![line]);
            }
        }
    }

    /// Closes what has waited too long.
    pub(in crate::egress) fn sweep(&self) {
        let now = Instant::now();
        self.lock().retain(|_, waiting| {
            waiting.retain(|line| now.duration_since(line.idle_since) < IDLE);
            !waiting.is_empty()
        });
    }
}
