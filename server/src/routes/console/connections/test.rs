//! `POST /setup/connections/{link_name}/test`: whether the provider takes the credential.

use app::pages::setup::connections::tested::Tested;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    principal::Principal,
    problem::Problem,
    service::{Definition, Question},
};
use engine::{error::EngineError, probe::Tested as Told};

use super::{
    super::link_name,
    detail::{Posted, page},
};
use crate::{auth::SignedIn, error::WebError, state::AppState, view::Viewer};

/// Tests and shows the page with the result.
pub(crate) async fn submit(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let detail = app.engine.connection(&member, &name).await?;
    // Where only people have accounts, the person who looks tests their own.
    let user = if detail.connection.mode.has_organization() {
        Principal::Organization
    } else {
        Principal::Member(member.user)
    };
    let told = app.engine.test_connection(&member, &name, &user).await;
    let told = match told {
        Err(error @ (EngineError::Store(_) | EngineError::Vault(_) | EngineError::Interrupted)) => {
            return Err(error.into());
        }
        other => other.map_err(EngineError::problem),
    };
    let tested = result(&detail.service.input.definition, told);
    let posted = Posted {
        tested: Some(tested),
        ..Posted::default()
    };
    let status = StatusCode::OK;
    Ok(viewer.page(status, page(&app, &viewer, &member, &name, posted).await?))
}

fn result(definition: &Definition, told: Result<Told, Problem>) -> Tested {
    let request = asked(definition);
    let at = engine::clock::now();
    match told {
        Ok(told) => Tested {
            request,
            status: Some(told.status),
            took: Some(told.milliseconds),
            works: told.is_good(),
            words: if told.is_good() {
                String::new()
            } else {
                advice(told.status)
            },
            quote: told.words,
            at,
        },
        Err(problem) => Tested {
            request,
            status: None,
            took: None,
            works: false,
            words: match problem {
                Problem::Invalid(errors) => errors
                    .0
                    .into_iter()
                    .map(|error| error.message)
                    .collect::<Vec<_>>()
                    .join(" "),
                other => other.detail(),
            },
            quote: None,
            at,
        },
    }
}

/// What mends a refusal.
fn advice(status: u16) -> String {
    match status {
        401 => "The credential is refused. Reconnect, or replace it.",
        403 => "The credential is known there and may not do this. Add the scope that the provider names, then reconnect.",
        404 => "The provider does not know this address. Correct the API base URL or the test request of the service.",
        429 => "The provider asks to slow down. Test again in a while.",
        500.. => "The provider has trouble of its own. Test again in a while.",
        _ => "Compare the test request with the provider's documentation.",
    }
    .to_owned()
}

/// The request as people read it.
fn asked(definition: &Definition) -> String {
    match definition.question() {
        Some(Question::Request(request)) => format!("{} {}", request.method.word(), request.path),
        Some(Question::Identity(url)) => format!("GET {url}"),
        None => String::new(),
    }
}
