//! The provider's answer: accepted once, from the session, the person, the organization and the service that left
//! for it; everything else is refused before any token request and changes nothing.

use std::{sync::Arc, time::Duration};

use domain::{
    connection::Status,
    id::{ConsentId, ServiceId},
    link_name::LinkName,
    problem::Problem,
};
use engine::{
    actor::Admin,
    connect::finish::{Finished, Refused},
};
use futures_util::future::join_all;
use sandbox::{Fault, IssFault, Switch};
use serde_json::json;

use crate::common::{SESSION, World, problem, world};

/// A world with a service that names its issuer and a connection `link` whose consent is at the provider.
struct Away {
    world: World,
    link: LinkName,
    service: ServiceId,
    query: String,
}

impl Away {
    async fn new() -> Self {
        Self::with(None).await
    }

    async fn with(fault: Option<Fault>) -> Self {
        let world = World::new().await;
        let options = json!({"rotation": "strict", "issuer": world.provider.issuer});
        world.service("sandbox", options).await;
        let link = world.draft("sandbox", "link").await;
        world
            .provider
            .sandbox
            .set_all(fault.into_iter().map(Switch::from).collect());
        let (service, query) = world.depart(&world.admin, &link).await;
        Self {
            world,
            link,
            service,
            query,
        }
    }

    async fn comes_back(&self, admin: &Admin, session: &[u8], service: ServiceId, query: &str) -> Finished {
        self.world
            .engine
            .finish_consent(admin, session, service, query)
            .await
            .unwrap()
    }

    /// Comes back in some wrong way: refused, nothing asked of the provider, no row changed.
    async fn is_refused(&self, admin: &Admin, session: &[u8], service: ServiceId, query: &str) -> Refused {
        let before = (
            self.world.database.digest().await,
            self.world.provider.token_requests().len(),
        );
        let Finished::Refused(why, _) = self.comes_back(admin, session, service, query).await else {
            panic!("accepted: {query}")
        };
        let after = (
            self.world.database.digest().await,
            self.world.provider.token_requests().len(),
        );
        assert_eq!(before, after, "{why:?} changes nothing and asks nothing");
        why
    }

    async fn right_answer_is_accepted(&self) {
        let finished = self
            .comes_back(&self.world.admin, &SESSION, self.service, &self.query)
            .await;
        assert!(matches!(finished, Finished::See(link) if link == self.link));
        assert_eq!(self.world.vend_working("link").await, 1);
    }

    fn changed(&self, name: &str, change: impl Fn(&str) -> Option<String>) -> String {
        let pairs = form_urlencoded::parse(self.query.as_bytes());
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (key, value) in pairs {
            let value = if key == name {
                change(&value)
            } else {
                Some(value.into_owned())
            };
            if let Some(value) = value {
                out.append_pair(&key, &value);
            }
        }
        out.finish()
    }
}

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

#[tokio::test]
async fn a_no_is_noted_in_the_providers_words_and_costs_nothing() {
    let world = World::connected("strict").await;
    let link = world::link("link");
    let id = world.engine.begin_consent(&world.admin, &link).await.unwrap();
    let url = world
        .engine
        .start_consent(&world.admin, &SESSION, id)
        .await
        .unwrap();
    let service = world
        .engine
        .consent_preview(&world.admin, id)
        .await
        .unwrap()
        .service
        .id;
    let query = world.provider.deny(&url).await;
    let finished = world
        .engine
        .finish_consent(&world.admin, &SESSION, service, &query)
        .await
        .unwrap();
    assert!(matches!(finished, Finished::See(_)));
    let page = world
        .engine
        .connection(world.admin.member(), &link)
        .await
        .unwrap();
    assert_eq!(
        page.trouble.unwrap().words.as_deref(),
        Some("The person pressed Deny.")
    );
    assert_eq!(
        world.provider.token_requests().len(),
        1,
        "the one of the first consent"
    );
    assert_eq!(world.vend_working("link").await, 1, "what was there serves on");
}

#[tokio::test]
async fn a_failed_exchange_keeps_what_was_there() {
    let world = World::connected("strict").await;
    let refusal = |code: &str| Fault::Error {
        code: code.into(),
        status: None,
    };
    let html = Fault::Body(sandbox::BodyFault::Html);
    for fault in [
        refusal("invalid_grant"),
        refusal("invalid_client"),
        html,
        Fault::CommitThenDrop,
    ] {
        let (service, query) = world.depart(&world.admin, &world::link("link")).await;
        world.provider.sandbox.set(Switch::times(fault.clone(), 1));
        let finished = world
            .engine
            .finish_consent(&world.admin, &SESSION, service, &query)
            .await
            .unwrap();
        assert!(matches!(finished, Finished::See(_)), "{fault:?}");
        let page = world
            .engine
            .connection(world.admin.member(), &world::link("link"))
            .await
            .unwrap();
        assert!(
            page.trouble.is_some_and(|trouble| trouble.words.is_some()),
            "{fault:?} is said"
        );
        assert_eq!(world.vend_working("link").await, 1, "{fault:?}");
    }
    world.consent(&world::link("link")).await;
    assert_eq!(world.vend_working("link").await, 2);
    let page = world
        .engine
        .connection(world.admin.member(), &world::link("link"))
        .await
        .unwrap();
    assert!(page.trouble.is_none(), "an old failure is no trouble any more");
}

#[tokio::test]
async fn a_browser_that_goes_away_during_the_exchange_loses_nothing() {
    let away = Away::new().await;
    away.world.provider.sandbox.set(Fault::DelayAfterCommitMs(150));
    let (engine, admin) = (Arc::clone(&away.world.engine), away.world.admin.clone());
    let (service, query) = (away.service, away.query.clone());
    let browser = tokio::spawn(async move { engine.finish_consent(&admin, &SESSION, service, &query).await });
    while away.world.provider.token_requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    browser.abort();
    while away.world.vend("link").await.is_err() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(away.world.vend_working("link").await, 1);
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
