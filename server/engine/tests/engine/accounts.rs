//! People: guessing, signing in, sessions and their ends.

use domain::{
    email::Email,
    form::account::SignUp,
    id::{OrganizationId, UserId},
    problem::Problem,
};
use engine::{
    accounts::attempts::Guess,
    error::EngineError,
    random,
    store::{Store, doors::StoredSession},
    vault::Secret,
};
use time::Duration;

use crate::common::{Database, World, problem};

const PASSWORD: &str = "walrus tin lantern";
const FOREIGN: Guess<'static> = Guess {
    address: "203.0.113.7",
    device: None,
};

fn email(text: &str) -> Email {
    text.parse().unwrap()
}

fn secret(text: &str) -> Secret {
    Secret::text(text.into())
}

async fn signed_up() -> (World, OrganizationId, UserId) {
    let world = World::new().await;
    let input = SignUp {
        organization: "Owl".parse().unwrap(),
        name: "Olga".parse().unwrap(),
        email: email("olga@example.com"),
    };
    let (organization, user) = world
        .engine
        .sign_up(&input, &secret(PASSWORD), None)
        .await
        .unwrap();
    (world, organization, user)
}

async fn sign_in(
    world: &World,
    address: &str,
    password: &str,
    guess: &Guess<'_>,
) -> Result<UserId, EngineError> {
    let known = world
        .engine
        .sign_in(&email(address), &secret(password), guess)
        .await?;
    Ok(known.user)
}

#[tokio::test]
async fn known_and_unknown_addresses_are_refused_alike() {
    let (world, _, user) = signed_up().await;
    let wrong = problem(sign_in(&world, "olga@example.com", "wrong", &FOREIGN).await);
    let unknown = problem(sign_in(&world, "nobody@example.com", PASSWORD, &FOREIGN).await);
    assert_eq!(wrong, unknown);
    assert!(
        matches!(&wrong, Problem::Invalid(errors) if errors.of("").is_some()),
        "{wrong:?}"
    );
    assert_eq!(
        sign_in(&world, "olga@example.com", PASSWORD, &FOREIGN)
            .await
            .unwrap(),
        user
    );
}

#[tokio::test]
async fn an_address_has_one_account() {
    let (world, ..) = signed_up().await;
    let again = SignUp {
        organization: "Other".parse().unwrap(),
        name: "Olga".parse().unwrap(),
        email: email("Olga@Example.com"),
    };
    let told = problem(world.engine.sign_up(&again, &secret(PASSWORD), None).await);
    assert!(
        matches!(&told, Problem::Invalid(errors) if errors.of("email").is_some()),
        "{told:?}"
    );
    let organizations: i64 = world.database.value("select count(*) from organization").await;
    assert_eq!(
        organizations, 2,
        "nothing half-way: the world's own and Olga's first"
    );
}

/// Ten thousand guesses from other addresses: the guesser is stopped after ten, and the owner's browser, which
/// signed in before, is not held up. Most guesses are counted without the hash, which is what makes them cost.
#[tokio::test]
async fn ten_thousand_foreign_guesses_do_not_lock_the_owner_out() {
    let (world, _, user) = signed_up().await;
    let device = world.engine.device_cookie(&email("olga@example.com"));
    let (mut compared, mut stopped) = (0, 0);
    for guess in 0..14 {
        let address = format!("198.51.100.{guess}");
        let guess = Guess {
            address: &address,
            device: None,
        };
        match problem(sign_in(&world, "olga@example.com", "wrong", &guess).await) {
            Problem::Invalid(_) => compared += 1,
            Problem::RateLimited { retry_after } => stopped += usize::from(retry_after > 0),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((compared, stopped), (10, 4));
    let account = random::sha256(b"account\0olga@example.com");
    let counted: i32 = count(&world.database, &account).await;
    assert_eq!(counted, 14, "this is the account's bucket");
    for _ in 0..200 {
        let (store, window) = (&world.engine.store, Duration::minutes(15));
        let fifty = (0..50).map(|_| store.attempt(&account, 10, window));
        let allowed = futures_util::future::join_all(fifty).await;
        assert!(allowed.into_iter().all(|allowed| !allowed.unwrap()));
    }
    assert_eq!(count(&world.database, &account).await, 10_014);
    assert_eq!(
        problem(sign_in(&world, "olga@example.com", PASSWORD, &FOREIGN).await).code(),
        "rate_limited"
    );
    let owner = Guess {
        device: Some(&device),
        ..FOREIGN
    };
    assert_eq!(
        sign_in(&world, "olga@example.com", PASSWORD, &owner)
            .await
            .unwrap(),
        user
    );
}

async fn count(database: &Database, subject: &[u8]) -> i32 {
    let count = sqlx::query_scalar("select count from attempt_window where subject = $1").bind(subject);
    count.fetch_one(&database.superuser).await.unwrap()
}

#[tokio::test]
async fn a_device_is_good_for_its_account_and_for_ten_guesses() {
    let (world, ..) = signed_up().await;
    let device = world.engine.device_cookie(&email("olga@example.com"));
    let foreign = world.engine.device_cookie(&email("eve@example.com"));
    let forged = format!("{}x", &device[..device.len() - 1]);
    for cookie in [foreign.as_str(), forged.as_str(), "", ".", "a.b"] {
        let guess = Guess {
            device: Some(cookie),
            ..FOREIGN
        };
        let _wrong = problem(sign_in(&world, "olga@example.com", "wrong", &guess).await);
    }
    assert_eq!(
        count(&world.database, &random::sha256(b"account\0olga@example.com")).await,
        5,
        "none of them helped"
    );
    let guess = Guess {
        device: Some(&device),
        ..FOREIGN
    };
    for number in 1..=11 {
        let told = problem(sign_in(&world, "olga@example.com", "wrong", &guess).await);
        assert_eq!(
            told.code(),
            if number <= 10 { "invalid" } else { "rate_limited" },
            "guess {number}"
        );
    }
}

#[tokio::test]
async fn a_window_ends() {
    let world = World::new().await;
    let (store, window) = (&world.engine.store, Duration::minutes(15));
    for number in 1..=4 {
        assert_eq!(store.attempt(b"subject", 3, window).await.unwrap(), number <= 3);
    }
    world
        .database
        .sql("update attempt_window set started_at = now() - interval '16 minutes'")
        .await;
    assert!(store.attempt(b"subject", 3, window).await.unwrap());
    store.attempts_forget(b"subject").await.unwrap();
    assert_eq!(
        world
            .database
            .value::<i64>("select count(*) from attempt_window")
            .await,
        0
    );
}

const IDLE: Duration = Duration::hours(12);

async fn begin_session(store: &Store, user: UserId, organization: OrganizationId, hash: &[u8]) -> bool {
    let session = StoredSession {
        user: Some(user),
        organization: Some(organization),
        expires_at: engine::clock::now(),
        stale: false,
    };
    store
        .session_create(hash, &session, Duration::days(14))
        .await
        .unwrap()
}

#[tokio::test]
async fn another_password_ends_every_session_and_the_old_password() {
    let (world, organization, user) = signed_up().await;
    let store = &world.engine.store;
    for hash in [b"one", b"two"] {
        assert!(begin_session(store, user, organization, hash).await);
    }
    let other = world.admin.member();
    assert!(begin_session(store, other.user, other.organization, b"other").await);
    assert!(
        !begin_session(store, user, organization, b"one").await,
        "an id is taken once"
    );
    let address = email("olga@example.com");
    assert_eq!(
        problem(world.engine.reset_password(&address, &secret("short")).await).code(),
        "invalid"
    );
    assert!(
        store.session_load(b"one", IDLE).await.unwrap().is_some(),
        "a refused password ends nothing"
    );
    world
        .engine
        .reset_password(&address, &secret("otter brass candle"))
        .await
        .unwrap();
    for hash in [b"one", b"two"] {
        assert!(store.session_load(hash, IDLE).await.unwrap().is_none());
    }
    assert!(store.session_load(b"other", IDLE).await.unwrap().is_some());
    assert_eq!(
        problem(sign_in(&world, "olga@example.com", PASSWORD, &FOREIGN).await).code(),
        "invalid"
    );
    assert_eq!(
        sign_in(&world, "olga@example.com", "otter brass candle", &FOREIGN)
            .await
            .unwrap(),
        user
    );
    let unknown = world
        .engine
        .reset_password(&email("nobody@example.com"), &secret(PASSWORD))
        .await;
    assert_eq!(problem(unknown).code(), "invalid");
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_last() {
    let world = World::new().await;
    let (store, member) = (&world.engine.store, world.admin.member());
    assert!(begin_session(store, member.user, member.organization, b"s").await);
    let loaded = || async { store.session_load(b"s", IDLE).await.unwrap() };
    let fresh = loaded().await.unwrap();
    assert_eq!(
        (fresh.user, fresh.organization, fresh.stale),
        (Some(member.user), Some(member.organization), false)
    );
    world
        .database
        .sql("update session set touched_at = now() - interval '11 hours'")
        .await;
    assert!(loaded().await.unwrap().stale, "worth a write");
    store.session_touch(b"s").await.unwrap();
    assert!(!loaded().await.unwrap().stale);
    world
        .database
        .sql("update session set touched_at = now() - interval '12 hours 1 second'")
        .await;
    assert!(loaded().await.is_none(), "idle");
    world
        .database
        .sql("update session set touched_at = now(), expires_at = now() - interval '1 second'")
        .await;
    assert!(loaded().await.is_none(), "in use, and over all the same");
    store.session_touch(b"s").await.unwrap();
    assert!(loaded().await.is_none(), "touching does not prolong it");
    store.sessions_expired_delete(IDLE).await.unwrap();
    assert_eq!(
        world.database.value::<i64>("select count(*) from session").await,
        0
    );
}

#[tokio::test]
async fn a_session_that_was_ended_does_not_come_back() {
    let world = World::new().await;
    let (store, member) = (&world.engine.store, world.admin.member());
    assert!(begin_session(store, member.user, member.organization, b"s").await);
    let before = store.session_load(b"s", IDLE).await.unwrap().unwrap();
    store.session_delete(b"s").await.unwrap();
    store.session_save(b"s", &before).await.unwrap();
    assert!(store.session_load(b"s", IDLE).await.unwrap().is_none());
}

#[tokio::test]
async fn whoever_is_no_member_any_more_is_nobody() {
    let world = World::new().await;
    let member = world.admin.member();
    world.database.sql("delete from membership").await;
    assert!(
        world
            .engine
            .member(member.organization, member.user, None)
            .await
            .unwrap()
            .is_none()
    );
}
