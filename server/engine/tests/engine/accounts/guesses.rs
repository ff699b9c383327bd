//! Who guesses is stopped; who owns the account is not.

use domain::problem::Problem;
use engine::{accounts::attempts::Guess, random};
use time::Duration;

use super::{FOREIGN, PASSWORD, email, sign_in, signed_up};
use crate::common::{Database, World, problem};

async fn count(database: &Database, subject: &[u8]) -> i32 {
    let count = sqlx::query_scalar("select count from attempt_window where subject = $1").bind(subject);
    count.fetch_one(&database.superuser).await.unwrap()
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
