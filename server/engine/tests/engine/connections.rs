//! Connections: what an edit changes, and what it leaves.

use domain::{
    call::{CallRules, Method},
    form::connection::ConnectionChange,
    problem::Problem,
};
use serde_json::json;

use crate::common::{World, fields, problem, world};

fn change(scopes: &[&str]) -> ConnectionChange {
    ConnectionChange {
        name: "Renamed".parse().unwrap(),
        scopes: scopes.iter().map(|scope| scope.parse().unwrap()).collect(),
        rules: CallRules {
            methods: vec![Method::Get],
            paths: vec!["/v2/**".parse().unwrap()],
        },
    }
}

#[tokio::test]
async fn an_edit_changes_name_scopes_and_rules_and_says_so() {
    let world = World::connected("strict").await;
    let (link, admin) = (world::link("link"), &world.admin);
    let before = world.engine.connection(admin.member(), &link).await.unwrap();
    assert_eq!(before.connection.version, 1);
    let edit = change(&["profile"]);
    world
        .engine
        .change_connection(admin, &link, &edit, Some(1))
        .await
        .unwrap();
    let after = world.engine.connection(admin.member(), &link).await.unwrap();
    let row = &after.connection;
    assert_eq!((row.name.as_str(), row.version), ("Renamed", 2));
    assert_eq!((&row.scopes, &row.rules), (&edit.scopes, &edit.rules));
    assert_eq!(after.events[0].action, "connection.changed");
    assert_eq!(
        after.events[0].detail,
        "renamed to Renamed; no longer asks for reports.read; calls may use GET on /v2/**"
    );
    assert_eq!(world.vend_working("link").await, 1, "the credential serves on");
    world
        .engine
        .change_connection(admin, &link, &edit, Some(2))
        .await
        .unwrap();
    let again = world.engine.connection(admin.member(), &link).await.unwrap();
    assert_eq!(
        (again.connection.version, again.events.len()),
        (2, after.events.len()),
        "nothing to do, nothing done"
    );
}

#[tokio::test]
async fn an_edit_from_an_older_version_is_refused() {
    let world = World::new().await;
    world.service("sandbox", json!({})).await;
    let link = world.draft("sandbox", "link").await;
    let edit = change(&["profile"]);
    let try_it = |expected| {
        world
            .engine
            .change_connection(&world.admin, &link, &edit, expected)
    };
    assert_eq!(problem(try_it(Some(2)).await), Problem::Changed);
    try_it(Some(1)).await.unwrap();
    assert_eq!(problem(try_it(Some(1)).await), Problem::Changed);
    try_it(None).await.unwrap();
}

/// A scope that the service dropped stays where it is, and comes nowhere new.
#[tokio::test]
async fn scopes_are_those_of_the_service_or_the_own() {
    let world = World::new().await;
    world.service("sandbox", json!({})).await;
    let link = world.draft("sandbox", "link").await;
    let try_it = async |scopes: &[&str]| {
        world
            .engine
            .change_connection(&world.admin, &link, &change(scopes), None)
            .await
    };
    assert!(fields(try_it(&["admin"]).await).of("scope").is_some());
    let mut input = world.input("sandbox", json!({}));
    input
        .definition
        .scopes
        .retain(|scope| scope.name.as_str() == "profile");
    let name = world::link("sandbox");
    world
        .engine
        .update_service(&world.admin, &name, &input, None, None)
        .await
        .unwrap();
    try_it(&["profile", "reports.read"]).await.unwrap();
    try_it(&["profile"]).await.unwrap();
    assert!(fields(try_it(&["reports.read"]).await).of("scope").is_some());
}
