//! `Idempotency-Key`: a creation that is sent again under the same key is done once, and its answer is given again.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use domain::{form::FieldErrors, problem::Problem};
use engine::{
    actor,
    error::EngineError,
    random,
    repeat::{Begun, Repeatable},
    vault::Secret,
};
use serde_json::{Value, json};

use super::{document::Document, reply};
use crate::{auth::Manager, error::ApiError, state::AppState};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// A request that creates something.
pub(crate) struct Creation {
    app: AppState,
    manager: actor::Manager,
    document: Document,
    once: Option<Repeatable>,
}

/// What was created.
pub(crate) struct Created {
    /// Its address.
    pub(crate) location: String,
    /// Its version, where it has one.
    pub(crate) version: Option<i64>,
    /// The answer.
    pub(crate) body: Value,
}

impl FromRequest<AppState> for Creation {
    type Rejection = ApiError;
    async fn from_request(request: Request, app: &AppState) -> Result<Self, ApiError> {
        let (mut parts, body) = request.into_parts();
        let Manager(manager) = Manager::from_request_parts(&mut parts, app).await?;
        let name = name(&parts.headers)?;
        let address = format!("{} {}\n", parts.method, parts.uri);
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), app).await;
        let body = body.map_err(|_| Problem::TooLarge)?;
        let once = name.zip(manager.key()).map(|(name, key)| Repeatable {
            organization: manager.organization(),
            key,
            name,
            request: random::sha256(&[address.as_bytes(), &body].concat()),
        });
        Ok(Self {
            app: app.clone(),
            document: Document::read(&headers, &body)?,
            manager,
            once,
        })
    }
}

/// 1 to 255 visible ASCII characters.
fn name(headers: &HeaderMap) -> Result<Option<String>, FieldErrors> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default();
    if (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
        Ok(Some(text.to_owned()))
    } else {
        let sentence = "Use 1 to 255 visible ASCII characters, such as a UUID.";
        Err(FieldErrors::one("Idempotency-Key", sentence))
    }
}

impl Creation {
    /// Does the work, or answers as the first time. Work under a key goes on when its client goes away: whoever asks
    /// again gets to know what came of it.
    pub(crate) async fn run<W, F>(self, work: W) -> Result<Response, ApiError>
    where
        W: FnOnce(AppState, actor::Manager, Document) -> F + Send + 'static,
        F: Future<Output = Result<Created, ApiError>> + Send + 'static,
    {
        let Self {
            app,
            manager,
            document,
            once,
        } = self;
        let Some(once) = once else {
            return Ok(answer(&work(app, manager, document).await?.kept()));
        };
        let ticket = match app.engine.begin_once(once).await? {
            Begun::Again(_, kept) => return again(&kept),
            Begun::First(ticket) => ticket,
        };
        let engine = std::sync::Arc::clone(&app.engine);
        let done = engine.clone().tasks.spawn(async move {
            match work(app, manager, document).await {
                Ok(created) => {
                    let kept = created.kept();
                    let text = Secret::text(kept.to_string());
                    engine
                        .end_once(ticket, StatusCode::CREATED.as_u16(), &text)
                        .await?;
                    Ok(answer(&kept))
                }
                Err(error) => {
                    engine.forget_once(ticket).await?;
                    Err(error)
                }
            }
        });
        done.await.map_err(|_| EngineError::Interrupted)?
    }
}

impl Created {
    /// As it is kept.
    fn kept(self) -> Value {
        json!({"location": self.location, "version": self.version, "body": self.body})
    }
}

fn answer(kept: &Value) -> Response {
    let mut response = reply::one(
        StatusCode::CREATED,
        kept["body"].clone(),
        kept["version"].as_i64(),
    );
    let location = kept["location"].as_str().unwrap_or_default();
    if let Ok(location) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn again(kept: &Secret) -> Result<Response, ApiError> {
    let kept: Value = serde_json::from_slice(kept.bytes()).map_err(|_| Problem::Unavailable)?;
    let mut response = answer(&kept);
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
