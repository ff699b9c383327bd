//! One refresh for any number of callers.
//!
//! A refresh token that rotates must be sent once. So: within the process callers of one credential share one
//! flight; between processes a lease on the row with a fencing generation decides who sends; the intent is
//! written before anything is sent; the work is a detached task with a deadline, so that no caller who goes away
//! can cut it off; and the result is written only for the attempt and the generation that hold the lease. No
//! lock and no database connection is held while a provider is asked. All times are the database's.
//!
//! # Layout
//! - this file: what a caller does until it has a credential
//! - [`mod@decide`]: from a row to the next step; pure
//! - [`flight`]: callers of one process share one attempt
//! - [`lease`]: T1, the write-ahead, and what an answer that was lost leaves behind
//! - [`attempt`]: the request and T2, the fenced commit
//! - [`setback`]: what a failure leaves behind; pure
//! - [`mod@seal`]: tokens to a row and back

use std::{sync::Arc, time::Duration};

use domain::{
    connection::{cause, status},
    id::{ConnectionId, OrganizationId},
    problem::Problem,
    service::Definition,
};
use tokio::time::{Instant, sleep};

use crate::{
    Engine,
    error::EngineError,
    random,
    store::credentials::{CredentialRow, Whose},
};

mod attempt;
pub mod decide;
mod flight;
mod lease;
mod seal;
mod setback;

pub(crate) use flight::Flights;
pub(crate) use seal::{About, Sealing, open};

use decide::{Next, decide};

/// How long a caller waits for somebody else's refresh, in all.
const PATIENCE: Duration = Duration::from_secs(25);

impl Engine {
    /// The credential that was seen `first`, or a newer one, with at least `min_ttl` seconds left, refreshed first where that is needed.
    ///
    /// # Errors
    /// [`Problem::NotServing`] with the reason; [`Problem::ProviderUnavailable`] where a refresh is needed and does
    /// not come in time.
    pub(crate) async fn fresh_credential(
        self: &Arc<Self>,
        organization: OrganizationId,
        whose: &Whose,
        first: CredentialRow,
        definition: &Definition,
        min_ttl: f64,
    ) -> Result<CredentialRow, EngineError> {
        let begun = Instant::now();
        let kills = definition
            .oauth2()
            .is_some_and(|oauth2| oauth2.options.refresh_kills_old_access);
        let generation = first.generation;
        let mut row = first;
        let mut pause = Duration::from_millis(50);
        loop {
            match decide(&row, kills, min_ttl, row.generation > generation) {
                Next::Serve => return Ok(row),
                Next::ServeAndRefresh => {
                    let _background = self.fly(organization, whose, row.generation);
                    return Ok(row);
                }
                Next::Refresh => self.land(organization, whose, row.generation).await,
                Next::Wait => {
                    sleep(pause + jitter()).await;
                    pause = (pause * 2).min(Duration::from_millis(400));
                }
                Next::Later(retry_after) => return Err(Problem::ProviderUnavailable { retry_after }.into()),
                Next::Stop => return Err(why_not(&row).into()),
            }
            if begun.elapsed() > PATIENCE {
                return Err(Problem::ProviderUnavailable { retry_after: 5 }.into());
            }
            row = self
                .store
                .begin(organization)
                .await?
                .credential(whose, false)
                .await?;
        }
    }

    /// Settles an attempt whose answer was lost, so that what a page shows is true. Waits for the result.
    pub(crate) async fn settle(
        self: &Arc<Self>,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<(), EngineError> {
        let whose = Whose::organization(connection);
        let row = match self
            .store
            .begin(organization)
            .await?
            .credential(&whose, false)
            .await
        {
            Err(crate::store::StoreError::NotFound) => return Ok(()),
            other => other?,
        };
        if decide::is_unresolved(&row) && !decide::is_lost(&row) {
            self.land(organization, &whose, row.generation).await;
        }
        Ok(())
    }
}

/// Why a row does not serve.
fn why_not(row: &CredentialRow) -> Problem {
    let facts = row.facts();
    let status = status(false, Some(&facts), row.now);
    Problem::NotServing(status, cause(status, Some(&facts)))
}

fn jitter() -> Duration {
    Duration::from_millis(u64::from(random::bytes::<1>()[0]) / 8)
}
