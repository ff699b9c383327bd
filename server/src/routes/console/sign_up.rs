//! `/sign-up`

use app::{Body, Form, Page, pages::sign_up::SignUpPage};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::Response,
};
use domain::form::{FieldErrors, account::sign_up};
use engine::error::EngineError;
use tower_sessions::Session;

use super::sign_in::{enter, set_cookie};
use crate::{
    auth::ClientAddress,
    error::WebError,
    forms::{self, Go, Posted},
    state::AppState,
    view::Viewer,
};

pub(crate) async fn show(State(app): State<AppState>, viewer: Viewer) -> Result<Response, WebError> {
    if app.engine.sign_up_is_open().await? {
        Ok(viewer.page(StatusCode::OK, page(Form::default())))
    } else {
        Ok(closed(&viewer))
    }
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    viewer: Viewer,
    session: Session,
    address: ClientAddress,
    mut posted: Posted,
) -> Result<Response, WebError> {
    if !app.engine.sign_up_is_open().await? {
        return Ok(closed(&viewer));
    }
    let password = posted.secret("password");
    let result = async {
        app.engine.count_sign_up(&address.to_string()).await?;
        // The password's own rule is checked along, so that all that is wrong is said at once.
        let rule = domain::form::account::check_new_password(password.as_text().unwrap_or_default());
        let mut errors = FieldErrors::default();
        let input = sign_up(&posted.0).map_err(|wrong| errors = wrong).ok();
        if let Err(error) = rule {
            errors.add("password", error);
        }
        let Some(input) = input.filter(|_| errors.is_empty()) else {
            return Err(EngineError::Fields(errors));
        };
        app.engine
            .sign_up(&input, &password, Some(address.to_string()))
            .await
    };
    let mut device = None;
    let result = match result.await {
        Ok((organization, user)) => {
            enter(&session, organization, user).await?;
            device = posted
                .0
                .get("email")
                .parse()
                .ok()
                .map(|email| app.engine.device_cookie(&email));
            Ok(Go::to("/setup/connections"))
        }
        Err(error) => Err(error),
    };
    let mut response = forms::answer(&viewer, posted, result, |form| async { Ok(page(form)) }).await?;
    if let Some(value) = device.and_then(|device| set_cookie(&app, &device)) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    Ok(response)
}

fn page(form: Form) -> Page {
    Page {
        title: "Create organization".into(),
        chrome: None,
        notice: None,
        body: Body::SignUp(SignUpPage { form }),
    }
}

fn closed(viewer: &Viewer) -> Response {
    let sentences = [
        "An organization exists on this server already, and it does not take further ones.",
        "If you have an account and lost its password, whoever runs the server sets a new one with connections user reset-password.",
    ];
    viewer.message(
        StatusCode::FORBIDDEN,
        "Sign-up is closed",
        &sentences,
        Some(("Sign in", "/sign-in".into())),
    )
}
