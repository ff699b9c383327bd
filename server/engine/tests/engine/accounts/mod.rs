//! People: guessing, signing in, sessions and their ends.

mod guesses;
mod sessions;
mod sign_up;

use domain::{
    email::Email,
    form::account::SignUp,
    id::{OrganizationId, UserId},
};
use engine::{accounts::attempts::Guess, error::EngineError, vault::Secret};

use crate::common::World;

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
