//! `POST /setup/connections/{link_name}/try`: a person makes one call, in the way that functions do.
//!
//! # Layout
//! - the call and the page around its answer: this file
//! - [`answer`]: the provider's answer as far as a page shows it
//! - [`pretty`]: JSON with a line for each value

use std::time::{Duration, Instant};

use app::{
    Form,
    pages::setup::connections::try_it::{
        Tried, TryIt,
        answer::{Mend, Outcome},
    },
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use domain::{
    connection::Status,
    form::{FieldErrors, try_it::call},
    link_name::LinkName,
    principal::Principal,
    problem::Problem,
    snippet,
};
use engine::{
    actor::Member,
    call::{Answered, Call, Target},
    egress::PassingBody,
    error::EngineError,
};

use super::{
    super::link_name,
    detail::{Posted, page},
};
use crate::{auth::SignedIn, error::WebError, forms, state::AppState, view::Viewer};

mod answer;
mod pretty;

/// For the beginning of the answer's body.
const READING: Duration = Duration::from_secs(30);

pub(crate) async fn submit(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: forms::Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let (errors, tried) = match call(&posted.0) {
        Err(errors) => (errors, None),
        Ok(call) => match attempt(&app, &member, &name, &call).await? {
            Ok(outcome) => (FieldErrors::default(), Some(Tried { call, outcome })),
            Err(errors) => (errors, None),
        },
    };
    let status = if tried.is_some() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let form = Form {
        fields: posted.0,
        errors,
        message: None,
    };
    let posted = Posted {
        try_it: TryIt { form, tried },
        ..Posted::default()
    };
    let page = page(&app, &viewer, &member, &name, posted).await?;
    Ok(viewer.page(status, page))
}

/// What came of the call, or what is wrong with the form.
async fn attempt(
    app: &AppState,
    member: &Member,
    name: &LinkName,
    call: &snippet::Call,
) -> Result<Result<Outcome, FieldErrors>, WebError> {
    let began = Instant::now();
    let done = async {
        let mode = app.engine.connection(member, name).await?.connection.mode;
        // Where only people have accounts, a person tries with their own.
        let user = match mode.has_organization() {
            true => Principal::Organization,
            false => Principal::Member(member.user),
        };
        let answered: Answered = app.engine.try_call(member, name, &user, request(call)).await?;
        let shown = tokio::time::timeout(READING, answer::shown(answered, began)).await;
        let silent = || Problem::ProviderSilent("the answer broke off".into());
        shown.ok().flatten().ok_or_else(|| EngineError::from(silent()))
    };
    match done.await {
        Ok(answer) => Ok(Ok(Outcome::Answered(answer))),
        Err(error) if error.is_not_found() => Err(WebError::NotFound),
        Err(error) => Ok(failed(error)),
    }
}

/// The call as the engine takes it.
fn request(call: &snippet::Call) -> Call {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
    let body = call.body.as_ref().map_or_else(Bytes::new, |body| {
        if let Ok(kind) = HeaderValue::from_str(&body.content_type) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        Bytes::from(body.text.clone())
    });
    if body.is_empty() && !call.method.asks_by_query() {
        // Some servers refuse a POST without a length.
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    }
    let below = call.target().trim_start_matches('/').to_owned();
    Call {
        method: call.method,
        target: Target::Below(below),
        headers,
        body: PassingBody::Whole(body),
    }
}

fn failed(error: EngineError) -> Result<Outcome, FieldErrors> {
    if let EngineError::Store(_) | EngineError::Vault(_) | EngineError::Interrupted = &error {
        tracing::error!(%error, "a call could not be tried");
    }
    let problem = error.problem();
    let mend = match &problem {
        Problem::Invalid(errors) => match address(errors) {
            Some(sentence) => return wrong_address(sentence),
            None => None,
        },
        Problem::HostNotAllowed(_) => Some(Mend::Service),
        Problem::NotPermitted(_) => Some(Mend::Settings),
        Problem::NotServing(Status::Disabled, _) => Some(Mend::Enable),
        Problem::NotServing(..) => Some(Mend::Connect),
        _ => None,
    };
    Ok(Outcome::Failed {
        words: words(&problem),
        mend,
    })
}

/// What the engine says about the address of the call.
fn address(errors: &FieldErrors) -> Option<&str> {
    errors.of("url")
}

/// A service without an API base URL is mended there; any other address in the field.
fn wrong_address(sentence: &str) -> Result<Outcome, FieldErrors> {
    if sentence.contains("API base URL") {
        return Ok(Outcome::Failed {
            words: "This service has no API base URL, so a path leads nowhere. Add one to the service."
                .into(),
            mend: Some(Mend::Service),
        });
    }
    Err(FieldErrors::one("path", sentence))
}

fn words(problem: &Problem) -> String {
    match problem {
        Problem::Invalid(errors) => {
            let sentences: Vec<&str> = errors.0.iter().map(|error| error.message.as_str()).collect();
            sentences.join(" ")
        }
        other => other.detail(),
    }
}
