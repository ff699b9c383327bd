//! One answer, one exchange, one credential.

use std::sync::Arc;

use domain::{connection::Status, id::ConsentId, problem::Problem};
use engine::connect::finish::{Finished, Refused};
use futures_util::future::join_all;
use sandbox::Fault;
use serde_json::json;

use super::Away;
use crate::common::{SESSION, World, problem, world};

#[tokio::test]
async fn an_answer_is_accepted_once() {
    let away = Away::new().await;
    away.right_answer_is_accepted().await;
    let why = away
        .is_refused(&away.world.admin, &SESSION, away.service, &away.query)
        .await;
    assert_eq!(why, Refused::Used);
    assert_eq!(
        away.world.vend_working("link").await,
        1,
        "the replay did not reach the provider, which would revoke"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_parallel_answers_one_is_exchanged() {
    let away = Away::new().await;
    away.world.provider.sandbox.set(Fault::DelayMs(50));
    let all = join_all((0..8).map(|_| {
        let (engine, admin) = (Arc::clone(&away.world.engine), away.world.admin.clone());
        let (service, query) = (away.service, away.query.clone());
        tokio::spawn(async move {
            engine
                .finish_consent(&admin, &SESSION, service, &query)
                .await
                .unwrap()
        })
    }))
    .await;
    let seen = all
        .iter()
        .filter(|finished| matches!(finished, Ok(Finished::See(_))))
        .count();
    let used = all
        .iter()
        .filter(|finished| matches!(finished, Ok(Finished::Refused(Refused::Used, _))))
        .count();
    assert_eq!((seen, used), (1, 7));
    assert_eq!(away.world.provider.token_requests().len(), 1);
    assert_eq!(away.world.vend_working("link").await, 1);
}

#[tokio::test]
async fn leaving_again_replaces_the_departure_before() {
    let away = Away::new().await;
    let id: uuid::Uuid = away.world.database.value("select id from consent").await;
    let id = ConsentId::from_uuid(id);
    let admin = &away.world.admin;
    let url = away
        .world
        .engine
        .start_consent(admin, &SESSION, id)
        .await
        .unwrap()
        .url()
        .unwrap();
    let why = away.is_refused(admin, &SESSION, away.service, &away.query).await;
    assert_eq!(why, Refused::Unknown, "the first tab is over");
    let second = Away {
        query: away.world.provider.allow(&url).await,
        ..away
    };
    second.right_answer_is_accepted().await;
    let over = second
        .world
        .engine
        .start_consent(&second.world.admin, &SESSION, id)
        .await;
    assert!(
        over.unwrap_err().is_not_found(),
        "a finished consent is not begun again"
    );
}

#[tokio::test]
async fn only_the_person_who_began_a_consent_leaves_for_it() {
    let world = World::new().await;
    world.service("sandbox", json!({})).await;
    let link = world.draft("sandbox", "link").await;
    let id = world.engine.begin_consent(&world.admin, &link).await.unwrap();
    let organization = world.admin.organization();
    let colleague = world::colleague(&world.engine, &world.database, organization, "bob@example.com").await;
    let stranger = world::organization(&world.engine, &world.database, "eve@example.com").await;
    for other in [&colleague, &stranger] {
        assert!(
            world
                .engine
                .consent_preview(other, id)
                .await
                .unwrap_err()
                .is_not_found()
        );
        assert!(
            world
                .engine
                .start_consent(other, &SESSION, id)
                .await
                .unwrap_err()
                .is_not_found()
        );
    }
    world.database.sql("update consent set expires_at = now()").await;
    assert!(
        world
            .engine
            .start_consent(&world.admin, &SESSION, id)
            .await
            .unwrap_err()
            .is_not_found()
    );
}

/// Two flows of one service, answers crossed: the state decides where a code goes, and the code does not fit the
/// verifier there (RFC 7636). Nobody's credential ends up in the other connection.
#[tokio::test]
async fn a_code_of_another_flow_is_of_no_use() {
    let away = Away::new().await;
    let other = away.world.draft("sandbox", "other").await;
    let (service, foreign) = away.world.depart(&away.world.admin, &other).await;
    let code = form_urlencoded::parse(foreign.as_bytes())
        .find(|(name, _)| name == "code")
        .unwrap()
        .1
        .into_owned();
    let crossed = away.changed("code", |_| Some(code.clone()));
    away.comes_back(&away.world.admin, &SESSION, service, &crossed)
        .await;
    let told = away.world.provider.token_requests();
    assert_eq!(told.last().unwrap().outcome.as_deref(), Some("invalid_grant"));
    for name in ["link", "other"] {
        let refused = Problem::NotServing(Status::NotConnected, None);
        assert_eq!(problem(away.world.vend(name).await), refused);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_first_consents_make_two_generations() {
    let away = Away::new().await;
    let admin = &away.world.admin;
    let (_, second) = away.world.depart(admin, &away.link).await;
    away.world.provider.sandbox.set(Fault::DelayMs(100));
    let (one, two) = tokio::join!(
        away.comes_back(admin, &SESSION, away.service, &away.query),
        away.comes_back(admin, &SESSION, away.service, &second),
    );
    assert!(matches!((one, two), (Finished::See(_), Finished::See(_))));
    assert_eq!(away.world.vend_working("link").await, 2);
}
