//! A request that is sent twice is done once.

use domain::problem::Problem;
use engine::{
    repeat::{Begun, Repeatable, Ticket},
    vault::Secret,
};

use crate::common::{World, problem};

fn request(world: &World, name: &str, body: u8) -> Repeatable {
    Repeatable {
        organization: world.admin.organization(),
        key: world.key.id,
        name: name.into(),
        request: [body; 32],
    }
}

async fn first(world: &World, name: &str) -> Ticket {
    match world.engine.begin_once(request(world, name, 1)).await.unwrap() {
        Begun::First(ticket) => ticket,
        Begun::Again(..) => panic!("it is the first"),
    }
}

#[tokio::test]
async fn the_answer_of_the_first_is_given_again() {
    let world = World::new().await;
    let ticket = first(&world, "a").await;
    assert_eq!(
        problem(world.engine.begin_once(request(&world, "a", 1)).await),
        Problem::Underway
    );
    let answer = Secret::text("cnx_the_answer".into());
    world.engine.end_once(ticket, 201, &answer).await.unwrap();
    match world.engine.begin_once(request(&world, "a", 1)).await.unwrap() {
        Begun::Again(status, text) => assert_eq!((status, text.bytes()), (201, answer.bytes())),
        Begun::First(_) => panic!("it is the second"),
    }
    assert_eq!(
        problem(world.engine.begin_once(request(&world, "a", 2)).await),
        Problem::UsedForAnother
    );
    let sealed: bool = world
        .database
        .value("select position('cnx_'::bytea in answer) = 0 from idempotent_request")
        .await;
    assert!(sealed, "an answer may hold a new key");
}

#[tokio::test]
async fn a_refused_request_may_come_again() {
    let world = World::new().await;
    let ticket = first(&world, "a").await;
    world.engine.forget_once(ticket).await.unwrap();
    first(&world, "a").await;
}

#[tokio::test]
async fn answers_are_kept_for_a_day_and_the_dead_for_two_minutes() {
    let world = World::new().await;
    let (kept, old, dead) = (
        first(&world, "kept").await,
        first(&world, "old").await,
        first(&world, "dead").await,
    );
    drop(dead);
    for ticket in [kept, old] {
        world
            .engine
            .end_once(ticket, 201, &Secret::text("x".into()))
            .await
            .unwrap();
    }
    for (name, age) in [("kept", "23 hours"), ("old", "25 hours"), ("dead", "3 minutes")] {
        world
            .database
            .sql(format!(
                "update idempotent_request set created_at = created_at - interval '{age}' where name = '{name}'"
            ))
            .await;
    }
    first(&world, "new").await;
    let mut names: Vec<String> = sqlx::query_scalar("select name from idempotent_request")
        .fetch_all(&world.database.superuser)
        .await
        .unwrap();
    names.sort();
    assert_eq!(names, ["kept", "new"]);
}
