//! `POST /api/v1/invoke`: a call described in JSON, with the names of Deluge's `invokeurl`.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::Response,
};
use domain::{
    call::{Invocation, invocation::Input},
    function_key::KeyScope,
    problem::Problem,
};
use engine::{
    call::{Call, LEAST_LIFE, Target},
    egress::PassingBody,
    error::EngineError,
    random,
    ready::Ready,
};

use super::{
    super::mended_at,
    caller, pass,
    room::{Whole, whole},
    shape,
};
use crate::{
    auth::Presented,
    error::ApiError,
    state::{App, AppState},
};

pub(crate) async fn run(
    State(app): State<AppState>,
    Presented(key): Presented,
    request: Request,
) -> Result<Response, ApiError> {
    // Nobody makes this server read megabytes without a key.
    app.engine.admit(key).await?;
    let body = read(&app, request.into_body()).await?;
    let invocation = Input::read(&body.bytes)
        .and_then(Input::check)
        .map_err(Problem::Invalid)?;
    let name = invocation.connection.clone();
    let ready = app
        .engine
        .ready(key, name.as_str(), &invocation.user, KeyScope::Invoke, LEAST_LIFE)
        .await;
    let ready = ready.map_err(|error| mended_at(&app, name.as_str(), error))?;
    let answered = invoke(&app, ready, invocation).await;
    drop(body);
    answered.map_err(|error| mended_at(&app, name.as_str(), error))
}

async fn read(app: &App, body: Body) -> Result<Whole, Problem> {
    let idle = app.engine.settings.calls.patience.idle;
    match tokio::time::timeout(idle, whole(body)).await {
        Ok(read) => Ok(read?),
        Err(_) => Err(caller::incomplete()),
    }
}

/// Makes the call and shapes its answer.
async fn invoke(app: &App, ready: Arc<Ready>, invocation: Invocation) -> Result<Response, EngineError> {
    let shape = invocation.shape.clone();
    let answered = app.engine.call(ready, call(invocation)).await?;
    if shape.detailed || shape.format.is_some() || shape.decoding.is_some() {
        shape::shaped(answered, &shape).await.map_err(Into::into)
    } else {
        Ok(pass(answered))
    }
}

/// The call of an invocation.
pub(crate) fn call(invocation: Invocation) -> Call {
    let Invocation {
        method,
        url,
        query,
        headers,
        content,
        ..
    } = invocation;
    let mut out = HeaderMap::new();
    for (name, value) in headers {
        // Checked when it was read; what cannot be a header does not get here.
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&value)) {
            out.append(name, value);
        }
    }
    let body = match content.encode(&random::token()) {
        Some((kind, bytes)) => {
            if let Ok(kind) = HeaderValue::from_str(&kind) {
                out.insert(header::CONTENT_TYPE, kind);
            }
            PassingBody::Whole(bytes.into())
        }
        None => PassingBody::Whole(Bytes::new()),
    };
    Call {
        method,
        target: Target::Url(url, query),
        headers: out,
        body,
    }
}
