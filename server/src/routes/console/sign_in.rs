//! `/sign-in` and `/sign-out`

use app::{Body, Form, Page, pages::sign_in::SignInPage};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{
    email::Email,
    id::{OrganizationId, UserId},
};
use engine::{accounts::attempts::Guess, error::EngineError};
use tower_sessions::Session;

use super::query;
use crate::{
    auth::{ClientAddress, SignedIn, is_own_page},
    error::WebError,
    forms::{self, Go, Posted},
    session::{ORGANIZATION, USER},
    state::{App, AppState},
    view::Viewer,
};

/// Names a browser from which its owner signed in before.
const DEVICE: &str = "cnx_device";

pub(crate) async fn show(
    State(app): State<AppState>,
    viewer: Viewer,
    signed_in: Result<SignedIn, WebError>,
) -> Result<Response, WebError> {
    match signed_in {
        Ok(_) => Ok(Redirect::to("/setup/connections").into_response()),
        Err(WebError::SignIn(_)) => Ok(viewer.page(StatusCode::OK, page(&app, Form::default()).await?)),
        Err(error) => Err(error),
    }
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    viewer: Viewer,
    session: Session,
    address: ClientAddress,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let password = posted.secret("password");
    let address = address.to_string();
    let guess = Guess {
        address: &address,
        device: cookie(&headers),
    };
    let email: Result<Email, EngineError> = posted
        .0
        .get("email")
        .parse()
        .map_err(|error| EngineError::field("email", error));
    let result = match email {
        Ok(email) => app
            .engine
            .sign_in(&email, &password, &guess)
            .await
            .map(|known| (known, email)),
        Err(error) => Err(error),
    };
    let (result, device) = match result {
        Ok((known, email)) => {
            enter(&session, known.organization, known.user).await?;
            // A password that was reset while this one was being checked has ended all sessions but this new one.
            if !app.engine.is_still(&known).await? {
                session.flush().await?;
                return Err(WebError::SignIn(None));
            }
            let next = query(raw.as_deref()).get("next").to_owned();
            let to = if is_own_page(&next) {
                next
            } else {
                "/setup/connections".into()
            };
            (Ok(Go::to(to)), Some(app.engine.device_cookie(&email)))
        }
        Err(error) => (Err(error), None),
    };
    let mut response = forms::answer(&viewer, posted, result, |form| page(&app, form)).await?;
    if let Some(value) = device.and_then(|device| set_cookie(&app, &device)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

/// Puts a person into a session with a new id, so that an id planted before signing in is worth nothing.
pub(super) async fn enter(
    session: &Session,
    organization: OrganizationId,
    user: UserId,
) -> Result<(), WebError> {
    session.cycle_id().await?;
    session.insert(USER, user).await?;
    session.insert(ORGANIZATION, organization).await?;
    session.save().await?;
    Ok(())
}

/// `POST /sign-out`
pub(crate) async fn leave(viewer: Viewer, session: Session) -> Result<Response, WebError> {
    session.flush().await?;
    let mut response = if viewer.json {
        axum::Json(serde_json::json!({"go": "/sign-in"})).into_response()
    } else {
        Redirect::to("/sign-in").into_response()
    };
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(response)
}

async fn page(app: &App, form: Form) -> Result<Page, WebError> {
    let sign_up_open = app.engine.sign_up_is_open().await?;
    Ok(Page {
        title: "Sign in".into(),
        chrome: None,
        notice: None,
        body: Body::SignIn(SignInPage { form, sign_up_open }),
    })
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(DEVICE)?.strip_prefix('='))
}

pub(super) fn set_cookie(app: &App, value: &str) -> Option<HeaderValue> {
    let secure = if app.public.is_https() { "; Secure" } else { "" };
    HeaderValue::from_str(&format!(
        "{DEVICE}={value}; Path=/sign-in; Max-Age=31536000; HttpOnly; SameSite=Strict{secure}"
    ))
    .ok()
}
