//! What a process keeps of what it read, and how it hears that it must not.

use domain::principal::Principal;
use std::{sync::Arc, time::Duration};

use domain::{form::key::KeyInput, function_key::KeyScope, id::FunctionKeyId, problem::Problem};
use engine::{Engine, error::EngineError, ready::KeyHash};
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::common::{Database, World};

/// A world, another server on its database that hears of changes, and a key that may call.
struct Two {
    world: World,
    replica: Arc<Engine>,
    key: FunctionKeyId,
    hash: KeyHash,
}

impl Two {
    async fn new() -> Self {
        let world = World::connected("unknown").await;
        let replica = world.replica().await;
        let listening = Arc::clone(&replica).listen(world.database.server_url(), CancellationToken::new());
        tokio::spawn(listening);
        let input = KeyInput::new("Calls".parse().unwrap(), vec![KeyScope::Invoke]);
        let (key, text) = world.engine.create_key(&world.admin, &input).await.unwrap();
        let hash = KeyHash::of(text.as_text().unwrap()).unwrap();
        let two = Self {
            world,
            replica,
            key,
            hash,
        };
        two.warm().await;
        two
    }

    /// Asks until the answer does not come from the database any more.
    async fn warm(&self) {
        silently(&self.world.database, "update connection set disabled_at = null").await;
        for _ in 0..100 {
            self.ask().await.unwrap();
            silently(&self.world.database, "update connection set disabled_at = now()").await;
            let kept = self.ask().await.is_ok();
            silently(&self.world.database, "update connection set disabled_at = null").await;
            if kept {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("nothing is ever kept");
    }

    async fn ask(&self) -> Result<i64, EngineError> {
        self.ask_as(&Principal::Organization).await
    }

    async fn ask_as(&self, user: &Principal) -> Result<i64, EngineError> {
        let ready = self
            .replica
            .ready(self.hash, "link", user, KeyScope::Invoke, 30.0)
            .await?;
        Ok(ready.vended().version)
    }

    /// Asks until it is refused; the refusal and how long it took.
    async fn refused(&self) -> (Problem, Duration) {
        let begun = Instant::now();
        loop {
            match self.ask().await {
                Err(error) => return (error.problem(), begun.elapsed()),
                Ok(_) => assert!(begun.elapsed() < Duration::from_secs(5), "served for ever"),
            }
        }
    }
}

/// Changes something without telling anybody.
async fn silently(database: &Database, statement: &str) {
    let mut one = database.superuser.acquire().await.unwrap();
    for step in [
        "set session_replication_role = replica",
        statement,
        "set session_replication_role = default",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(step.to_owned()))
            .execute(&mut *one)
            .await
            .unwrap();
    }
}

/// There is no end to names of users, and each would hold the organization's credential once more.
#[tokio::test(flavor = "multi_thread")]
async fn what_serves_an_invented_user_is_not_kept() {
    let two = Two::new().await;
    let mode = "update connection set credential_mode = 'login_user_or_organization'";
    silently(&two.world.database, mode).await;
    let invented = Principal::External("customer-1".into());
    for _ in 0..3 {
        two.ask_as(&invented).await.unwrap();
    }
    silently(&two.world.database, "update connection set disabled_at = now()").await;
    assert!(two.ask_as(&invented).await.is_err(), "asked of the database");
    assert!(two.ask().await.is_ok(), "the organization's own is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_revoked_elsewhere_is_refused_within_a_second() {
    let two = Two::new().await;
    two.world
        .engine
        .revoke_key(&two.world.admin, two.key)
        .await
        .unwrap();
    let (problem, after) = two.refused().await;
    assert_eq!(problem, Problem::InvalidKey);
    assert!(after < Duration::from_secs(1), "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_that_matters_is_heard_of() {
    let two = Two::new().await;
    for (change, code, undo) in [
        (
            "update connection set disabled_at = now()",
            "disabled",
            "update connection set disabled_at = null",
        ),
        (
            "update function_key set scopes = '{credentials:read}'",
            "forbidden_for_key",
            "update function_key set scopes = '{invoke}'",
        ),
        (
            "update function_key set limited = true",
            "unknown_connection",
            "update function_key set limited = false",
        ),
        (
            "update function_key set expires_at = now()",
            "invalid_key",
            "update function_key set expires_at = null",
        ),
        (
            "update credential set state = 'needs_reauth'",
            "needs_reauthorization",
            "update credential set state = 'active'",
        ),
    ] {
        two.world.database.sql(change).await;
        let (problem, after) = two.refused().await;
        assert_eq!(problem.code(), code, "{change}");
        assert!(after < Duration::from_secs(1), "{change}: {after:?}");
        two.world.database.sql(undo).await;
        two.warm().await;
    }
    two.world.database.sql("delete from connection").await;
    assert_eq!(two.refused().await.0.code(), "unknown_connection");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_hears_nothing_keeps_nothing() {
    let two = Two::new().await;
    silently(&two.world.database, "update connection set disabled_at = now()").await;
    assert!(two.ask().await.is_ok(), "kept");
    let listener = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select 1' or query like 'LISTEN%'";
    two.world.database.sql(listener).await;
    let (problem, after) = two.refused().await;
    assert_eq!(problem.code(), "disabled", "read from the database again");
    assert!(after < Duration::from_secs(1), "{after:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_name_that_goes_to_another_connection_takes_nothing_along() {
    let two = Two::new().await;
    let before = two.ask().await.unwrap();
    two.world
        .engine
        .delete_connection(&two.world.admin, &"link".parse().unwrap(), None)
        .await
        .unwrap();
    two.world.connect("sandbox", "link").await;
    let begun = Instant::now();
    let ready = loop {
        let ready = two
            .replica
            .ready(two.hash, "link", &Principal::Organization, KeyScope::Invoke, 30.0)
            .await;
        match ready {
            Ok(ready) if begun.elapsed() > Duration::from_secs(1) => break ready,
            _ => sleep(Duration::from_millis(20)).await,
        }
    };
    let now = two.world.vend("link").await.unwrap();
    assert_eq!(
        ready.material.token().unwrap().bytes(),
        now.access_token.as_ref().unwrap().bytes(),
        "generation {before} of another connection"
    );
}
