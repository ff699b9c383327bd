//! How a process hears of changes that another one made.
//!
//! Triggers on every table that a [`Ready`](super::Ready) is made of send `connections_changes` when a transaction
//! commits. One connection listens. Silence proves nothing, so as long as something is kept it is asked a question
//! every [`BEAT`]: PostgreSQL hands over what it has to tell before it answers, so once the answer is there, what was
//! committed before the question has been heard of. Entries may be used for [`WINDOW`] after a question that was
//! answered; where no answer comes, they are not used any more, and nobody has to notice.

use std::{str::FromStr, sync::Arc, time::Duration};

use domain::id::{ConnectionId, OrganizationId};
use sqlx::{Executor as _, postgres::PgListener};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::cache::Change;
use crate::Engine;

const CHANNEL: &str = "connections_changes";
const BEAT: Duration = Duration::from_millis(250);
/// A revoked key is refused everywhere within a second.
const WINDOW: Duration = Duration::from_millis(750);
/// Before another try to reach the database.
const PAUSE: Duration = Duration::from_secs(1);

impl Engine {
    /// Listens until told to stop. `url` leads to the database directly: a pooler between would lose what is told.
    pub async fn listen(self: Arc<Self>, url: String, stop: CancellationToken) {
        let mut quiet = false;
        while !stop.is_cancelled() {
            let ended = tokio::select! {
                ended = self.follow(&url) => ended,
                () = stop.cancelled() => return,
            };
            if let Err(error) = ended
                && !quiet
            {
                tracing::warn!(%error, "changes are not heard of: every call reads the database until they are");
                quiet = true;
            }
            self.store.cache().heard(Change::Everything);
            sleep(PAUSE).await;
        }
    }

    /// Follows one connection to its end.
    async fn follow(&self, url: &str) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect(url).await?;
        listener.eager_reconnect(false);
        listener.listen(CHANNEL).await?;
        // What was told before this connection listened was told to nobody.
        self.store.cache().heard(Change::Everything);
        loop {
            if self.store.cache().is_empty() {
                // Nothing to keep true; what is told meanwhile is taken in, or it would pile up in the database.
                tokio::select! {
                    () = self.store.cache().is_wanted() => {}
                    told = listener.try_recv() => {
                        if told?.is_none() {
                            return Ok(());
                        }
                        continue;
                    }
                }
            }
            self.beat(&mut listener).await?;
            if let Ok(told) = timeout(BEAT, listener.try_recv()).await {
                match told? {
                    Some(notification) => self.store.cache().heard(read(notification.payload())),
                    None => return Ok(()),
                }
            }
        }
    }

    async fn beat(&self, listener: &mut PgListener) -> Result<(), sqlx::Error> {
        let asked = Instant::now();
        match timeout(WINDOW, (&mut *listener).execute("select 1")).await {
            Ok(answered) => answered?,
            Err(_) => return Err(sqlx::Error::PoolTimedOut),
        };
        while let Some(notification) = listener.next_buffered() {
            self.store.cache().heard(read(notification.payload()));
        }
        self.store.cache().trust(asked, WINDOW);
        Ok(())
    }
}

/// `organization` or `organization connection`; what cannot be read may mean anything.
fn read(payload: &str) -> Change {
    let mut ids = payload.split(' ').map(Uuid::from_str);
    match (ids.next(), ids.next()) {
        (Some(Ok(organization)), None) => Change::Organization(OrganizationId::from_uuid(organization)),
        (Some(Ok(organization)), Some(Ok(connection))) => Change::Connection(
            OrganizationId::from_uuid(organization),
            ConnectionId::from_uuid(connection),
        ),
        _ => Change::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (organization, connection) = (OrganizationId::from_uuid(one), ConnectionId::from_uuid(two));
        assert_eq!(read(&one.to_string()), Change::Organization(organization));
        assert_eq!(
            read(&format!("{one} {two}")),
            Change::Connection(organization, connection)
        );
        for odd in ["", "x", "x y", &format!("{one} x")] {
            assert_eq!(read(odd), Change::Everything, "{odd}");
        }
    }
}
