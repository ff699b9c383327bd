//! The two GETs that change state, guarded by the consent's own bindings.

use app::{
    Body, Page,
    pages::message::{Action, MessagePage},
};
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::id::{ConsentId, ServiceId};
use engine::connect::{
    finish::{Finished, Refused},
    start::Departed,
};

use crate::{auth::SignedIn, error::WebError, state::AppState, view::Viewer};

/// `GET /oauth/start/{consent}`: the browser leaves for the provider.
pub(crate) async fn start(
    State(app): State<AppState>,
    SignedIn { member, session_hash }: SignedIn,
    viewer: Viewer,
    Path(consent): Path<String>,
) -> Result<Response, WebError> {
    let id: ConsentId = consent.parse().map_err(|_| WebError::NotFound)?;
    match app.engine.start_consent(&member, &session_hash, id).await {
        Ok(Departed::To(url)) => Ok(Redirect::to(url.as_str()).into_response()),
        Ok(Departed::Failed(name)) => Ok(Redirect::to(&format!("/setup/connections/{name}")).into_response()),
        Err(error) if error.is_not_found() => Ok(over(&viewer)),
        Err(error) => Err(error.into()),
    }
}

fn over(viewer: &Viewer) -> Response {
    let sentences = [
        "This consent was finished, has expired, or was begun by another person.",
        "Open the connection and choose Connect.",
    ];
    let action = Some(("Show connections", "/setup/connections".to_owned()));
    viewer.message(
        StatusCode::GONE,
        "This link is no longer good",
        &sentences,
        action,
    )
}

/// `GET /oauth/callback/{service}`: it comes back.
pub(crate) async fn callback(
    State(app): State<AppState>,
    signed_in: Result<SignedIn, WebError>,
    viewer: Viewer,
    Path(service): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, WebError> {
    let SignedIn { member, session_hash } = match signed_in {
        Ok(signed_in) => signed_in,
        Err(WebError::SignIn(_)) => return Ok(signed_out(&viewer)),
        Err(error) => return Err(error),
    };
    let query = query.unwrap_or_default();
    let Ok(service) = service.parse::<ServiceId>() else {
        return refused(&viewer, &member, Refused::OtherService, None).await;
    };
    match app
        .engine
        .finish_consent(&member, &session_hash, service, &query)
        .await?
    {
        Finished::See(link_name) => {
            Ok(Redirect::to(&format!("/setup/connections/{link_name}")).into_response())
        }
        Finished::Refused(why, link_name) => {
            refused(&viewer, &member, why, link_name.map(|name| name.to_string())).await
        }
    }
}

fn signed_out(viewer: &Viewer) -> Response {
    let sentences = [
        "Your session ended while you were at the provider, so its answer was not used.",
        "Sign in and connect again.",
    ];
    let action = Some(("Sign in", "/sign-in?next=%2Fsetup%2Fconnections".to_owned()));
    viewer.message(
        StatusCode::UNAUTHORIZED,
        "You are not signed in",
        &sentences,
        action,
    )
}

/// Why, as the person met it who sees the page.
fn words(why: Refused) -> String {
    match why {
        Refused::Used => "You went back to a consent page that was already answered.".into(),
        other => other.to_string(),
    }
}

async fn refused(
    viewer: &Viewer,
    member: &engine::actor::Member,
    why: Refused,
    link_name: Option<String>,
) -> Result<Response, WebError> {
    tracing::warn!(organization = %member.organization, user = %member.user, %why, "a provider's answer was refused");
    let action = match link_name {
        Some(name) => Action {
            words: "Connect again".into(),
            href: format!("/setup/connections/{name}"),
        },
        None => Action {
            words: "Show connections".into(),
            href: "/setup/connections".into(),
        },
    };
    let message = MessagePage {
        heading: "This answer was refused".into(),
        sentences: vec![
            words(why),
            "Nothing was connected and nothing has changed.".into(),
        ],
        quote: None,
        action: Some(action),
        other: None,
    };
    let chrome = Some(viewer.chrome(member).await?);
    let page = Page {
        title: "Answer refused".into(),
        chrome,
        notice: None,
        body: Body::Message(message),
    };
    Ok(viewer.page(StatusCode::BAD_REQUEST, page))
}
