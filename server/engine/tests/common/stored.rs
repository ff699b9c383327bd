//! What stands in the credential's row, and how to age it. Times are moved in the row, not waited for.

use domain::connection::{Cause, CredentialState};
use sqlx::Row as _;

use super::{Database, World};

/// The row's state, without tokens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) state: CredentialState,
    pub(crate) cause: Option<Cause>,
    pub(crate) generation: i64,
    /// An attempt is under way, or its answer was lost.
    pub(crate) attempt: bool,
    /// Seconds until the next try.
    pub(crate) wait: i64,
}

impl World {
    /// The one credential of a connection.
    pub(crate) async fn stored(&self, link_name: &str) -> Stored {
        let row = self
            .database
            .row(format!(
                "select k.state, k.cause, k.generation, k.attempt_id is not null as attempt,
                   ceil(extract(epoch from k.next_try_at - clock_timestamp()))::bigint as wait from {}",
                credential_of(link_name)
            ))
            .await;
        Stored {
            state: row.get::<&str, _>("state").parse().unwrap(),
            cause: row
                .get::<Option<&str>, _>("cause")
                .map(|word| word.parse().unwrap()),
            generation: row.get("generation"),
            attempt: row.get("attempt"),
            wait: row.get("wait"),
        }
    }

    /// State and cause, which is what most tests look at.
    pub(crate) async fn state(&self, link_name: &str) -> (CredentialState, Option<Cause>) {
        let stored = self.stored(link_name).await;
        (stored.state, stored.cause)
    }

    /// Makes an hour-old token of which so many seconds are left. A refresh is due and allowed.
    pub(crate) async fn age(&self, link_name: &str, left: i64) {
        let aged = format!(
            "expires_at = clock_timestamp() + interval '{left} seconds', refresh_after = clock_timestamp() - interval '1 second',
             connected_at = clock_timestamp() - interval '1 hour', next_try_at = clock_timestamp() - interval '1 second',
             refreshed_at = case when refreshed_at is not null then clock_timestamp() - interval '1 hour' end"
        );
        set(&self.database, link_name, &aged).await;
    }

    /// Makes the access token one that ended a second ago.
    pub(crate) async fn expire(&self, link_name: &str) {
        self.age(link_name, -1).await;
    }

    /// What a server that was killed between sending and storing leaves behind: an attempt without an end, under a
    /// lease that is over.
    pub(crate) async fn crash(&self, link_name: &str, outcome: &str) {
        self.database
            .sql(format!(
                "with lost as (
                   insert into refresh_attempt (organization_id, id, connection_id, principal, generation, owner, outcome)
                   select k.organization_id, gen_random_uuid(), k.connection_id, '', k.generation, gen_random_uuid(), '{outcome}'
                   from {} returning *)
                 update credential k set attempt_id = lost.id, lease_owner = lost.owner,
                   lease_until = clock_timestamp() - interval '1 second'
                 from lost where k.organization_id = lost.organization_id and k.connection_id = lost.connection_id",
                credential_of(link_name)
            ))
            .await;
    }

    /// Outcomes of the attempts, the oldest first.
    pub(crate) async fn outcomes(&self) -> Vec<String> {
        let query = "select outcome from refresh_attempt order by created_at, id";
        sqlx::query_scalar(query)
            .fetch_all(&self.database.superuser)
            .await
            .unwrap()
    }
}

/// Changes a credential's row.
pub(crate) async fn set(database: &Database, link_name: &str, what: &str) {
    let changed = database
        .sql(format!(
            "update credential k set {what} from connection c
             where c.organization_id = k.organization_id and c.id = k.connection_id and c.link_name = '{link_name}'"
        ))
        .await;
    assert_eq!(changed, 1, "{link_name} has one credential");
}

fn credential_of(link_name: &str) -> String {
    format!(
        "credential k join connection c on c.organization_id = k.organization_id and c.id = k.connection_id
         where c.link_name = '{link_name}'"
    )
}
