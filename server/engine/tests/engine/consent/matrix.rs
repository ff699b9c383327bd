//! Every wrong way to come back (security requirements R3 to R6 and R10).

use domain::id::ServiceId;
use engine::connect::finish::{Finished, Refused};
use sandbox::{Fault, IssFault};
use serde_json::json;

use super::Away;
use crate::common::{SESSION, world};

#[tokio::test]
async fn a_wrong_state_is_refused() {
    let away = Away::new().await;
    let admin = &away.world.admin;
    for (query, why) in [
        (away.changed("state", |_| None), Refused::Unknown),
        (away.changed("state", |_| Some(String::new())), Refused::Unknown),
        (away.changed("state", |_| Some("forged".into())), Refused::Unknown),
        (
            away.changed("state", |state| Some(state[..state.len() - 1].into())),
            Refused::Unknown,
        ),
        (
            away.changed("state", |state| Some(format!("{state}x"))),
            Refused::Unknown,
        ),
        (
            away.changed("state", |state| Some(state.to_uppercase())),
            Refused::Unknown,
        ),
        (format!("{}&state=again", away.query), Refused::Malformed),
        (format!("{}&code=again", away.query), Refused::Malformed),
        (format!("{}&access_token=x", away.query), Refused::Malformed),
        (away.changed("code", |_| None), Refused::Malformed),
        (String::new(), Refused::Unknown),
    ] {
        assert_eq!(
            away.is_refused(admin, &SESSION, away.service, &query).await,
            why,
            "{query}"
        );
    }
    away.right_answer_is_accepted().await;
}

#[tokio::test]
async fn another_session_person_organization_or_service_is_refused() {
    let away = Away::new().await;
    let (world, admin) = (&away.world, &away.world.admin);
    let colleague = world::colleague(
        &world.engine,
        &world.database,
        admin.organization(),
        "bob@example.com",
    )
    .await;
    let stranger = world::organization(&world.engine, &world.database, "eve@example.com").await;
    let twin = world.service("twin", json!({"rotation": "strict"})).await;
    let nowhere = ServiceId::from_uuid(engine::random::uuid());
    for (who, session, service, why) in [
        (admin, [8; 32], away.service, Refused::OtherSession),
        (&colleague, SESSION, away.service, Refused::OtherPerson),
        (&colleague, [8; 32], away.service, Refused::OtherPerson),
        (&stranger, SESSION, away.service, Refused::Unknown),
        (admin, SESSION, twin, Refused::OtherService),
        (admin, SESSION, nowhere, Refused::OtherService),
    ] {
        assert_eq!(away.is_refused(who, &session, service, &away.query).await, why);
    }
    let told = away
        .comes_back(&colleague, &SESSION, away.service, &away.query)
        .await;
    assert!(
        matches!(told, Finished::Refused(_, None)),
        "whoever did not begin it is not told what it was for"
    );
    away.right_answer_is_accepted().await;
}

#[tokio::test]
async fn an_issuer_that_is_missing_or_another_is_refused() {
    for fault in [IssFault::Drop, IssFault::TrailingSlash, IssFault::Other] {
        let away = Away::with(Some(Fault::Iss(fault))).await;
        let why = away
            .is_refused(&away.world.admin, &SESSION, away.service, &away.query)
            .await;
        assert_eq!(why, Refused::Issuer, "{fault:?}");
    }
    let away = Away::new().await;
    let admin = &away.world.admin;
    let shouted = away.changed("iss", |iss| Some(iss.to_uppercase()));
    assert_eq!(
        away.is_refused(admin, &SESSION, away.service, &shouted).await,
        Refused::Issuer
    );
    let doubled = format!("{}&iss={}", away.query, away.world.provider.issuer);
    assert_eq!(
        away.is_refused(admin, &SESSION, away.service, &doubled).await,
        Refused::Malformed
    );
    let error = away.changed("code", |_| None) + "&error=access_denied";
    let foreign = error.replace("iss=", "is=");
    assert_eq!(
        away.is_refused(admin, &SESSION, away.service, &foreign).await,
        Refused::Issuer,
        "errors too"
    );
    away.right_answer_is_accepted().await;
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_refused() {
    let away = Away::new().await;
    let left: f64 = away
        .world
        .database
        .value("select extract(epoch from expires_at - clock_timestamp())::float8 from consent")
        .await;
    assert!((590.0..=600.0).contains(&left), "ten minutes: {left}");
    away.world
        .database
        .sql("update consent set expires_at = clock_timestamp() - interval '1 second'")
        .await;
    let why = away
        .is_refused(&away.world.admin, &SESSION, away.service, &away.query)
        .await;
    assert_eq!(why, Refused::Expired);
}
