//! Accounts of single people: `POST /setup/connections/{link_name}/connect` and `…/disconnect`.

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::{form::FieldErrors, principal::Principal, service::Obtained};
use engine::error::EngineError;

use super::{
    super::link_name,
    create::to_provider,
    credentials::user,
    detail::{Posted as Posts, page},
};
use crate::{
    auth::SignedIn,
    done::Done,
    error::WebError,
    forms::{self, Go, Posted},
    state::AppState,
    view::Viewer,
};

/// Begins a consent for the named person, or leads to where their credential is typed in.
pub(crate) async fn connect(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = match Principal::named(posted.0.get("user")) {
        Ok(Principal::Organization) => Err(missing()),
        Err(error) => Err(EngineError::field("user", error)),
        Ok(_) => {
            let user = user(&member, posted.0.get("user"))?;
            let detail = app.engine.connection(&member, &name).await?;
            match detail.service.input.definition.obtained() {
                Obtained::Typed => {
                    let query = url::form_urlencoded::Serializer::new(String::new())
                        .append_pair("user", &user.name())
                        .finish();
                    Ok(Go::to(format!("/setup/connections/{name}/credentials?{query}")))
                }
                Obtained::Consent | Obtained::Request => app
                    .engine
                    .begin_consent_of(&member, &name, user)
                    .await
                    .map(|consent| to_provider(&name, consent)),
            }
        }
    };
    forms::answer(&viewer, posted, result, |form| {
        let posts = Posts {
            user: form,
            ..Posts::default()
        };
        page(&app, &viewer, &member, &name, posts)
    })
    .await
}

fn missing() -> EngineError {
    let sentence = "Type the id that the user has in your program, such as customer-42.";
    FieldErrors::one("user", sentence).into()
}

/// Takes a person's account off.
pub(crate) async fn disconnect(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let user = user(&member, posted.0.get("user"))?;
    let result = app.engine.disconnect_person(&member, &name, &user).await;
    let result = result.map(|()| Go::to(format!("/setup/connections/{name}")).done(Done::Disconnected));
    forms::answer(&viewer, posted, result, |form| {
        let posts = Posts {
            user: form,
            ..Posts::default()
        };
        page(&app, &viewer, &member, &name, posts)
    })
    .await
}
