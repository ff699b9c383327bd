//! Failures to responses: pages for people, `problem+json` (RFC 9457) for programs. What is the server's own
//! trouble is logged once, here, and never shown.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use domain::{form::FieldErrors, problem::Problem};
use engine::{error::EngineError, store::StoreError};
use serde_json::json;

/// A page that cannot be shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WebError {
    /// Nobody is signed in; holds where to go afterwards.
    #[error("not signed in")]
    SignIn(Option<String>),
    /// The role does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// No such thing, or another organization's.
    #[error("not found")]
    NotFound,
    /// The engine's answer.
    #[error(transparent)]
    Engine(EngineError),
    /// The session store did not answer.
    #[error("sessions are not available: {0}")]
    Session(#[from] tower_sessions::session::Error),
    /// A part of the server is missing.
    #[error("the server is put together wrongly")]
    Broken,
}

impl From<EngineError> for WebError {
    fn from(error: EngineError) -> Self {
        if error.is_not_found() {
            Self::NotFound
        } else {
            Self::Engine(error)
        }
    }
}

/// A failure that is on its way to becoming a page: the layer that knows the nonce renders it.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) status: StatusCode,
    pub(crate) heading: &'static str,
    pub(crate) sentences: Vec<String>,
    pub(crate) action: (&'static str, &'static str),
}

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let pending = match self {
            Self::SignIn(next) => return sign_in(next),
            Self::Forbidden => Pending {
                status: StatusCode::FORBIDDEN,
                heading: "Only administrators can do this",
                sentences: vec!["Your role shows connections and their snippets. Ask an owner or admin of your organization.".into()],
                action: ("Show connections", "/setup/connections"),
            },
            Self::NotFound => not_found(),
            Self::Engine(error) => trouble(error),
            Self::Session(error) => {
                tracing::error!(%error, "sessions");
                unavailable()
            }
            Self::Broken => {
                tracing::error!("the server is put together wrongly");
                unavailable()
            }
        };
        let mut response = pending.status.into_response();
        response.extensions_mut().insert(pending);
        response
    }
}

fn sign_in(next: Option<String>) -> Response {
    let next = next.map(|path| {
        format!(
            "?{}",
            url::form_urlencoded::Serializer::new(String::new())
                .append_pair("next", &path)
                .finish()
        )
    });
    Redirect::to(&format!("/sign-in{}", next.unwrap_or_default())).into_response()
}

/// The page of an address that leads nowhere.
pub(crate) fn not_found() -> Pending {
    Pending {
        status: StatusCode::NOT_FOUND,
        heading: "There is nothing here",
        sentences: vec!["The address may be misspelt, or what it named was deleted meanwhile.".into()],
        action: ("Show connections", "/setup/connections"),
    }
}

fn unavailable() -> Pending {
    Pending {
        status: StatusCode::SERVICE_UNAVAILABLE,
        heading: "The server cannot do this at the moment",
        sentences: vec![Problem::Unavailable.detail()],
        action: ("Try again", "/setup/connections"),
    }
}

fn trouble(error: EngineError) -> Pending {
    log(&error);
    let problem = error.problem();
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let sentences = match &problem {
        Problem::Invalid(errors) => errors.0.iter().map(|e| e.message.clone()).collect(),
        Problem::Unavailable => return unavailable(),
        other => vec![other.detail()],
    };
    Pending {
        status,
        heading: "This was not done",
        sentences,
        action: ("Show connections", "/setup/connections"),
    }
}

fn log(error: &EngineError) {
    if matches!(
        error,
        EngineError::Store(
            StoreError::Unavailable(_) | StoreError::Inconsistent { .. } | StoreError::Constraint(_)
        ) | EngineError::Vault(_)
            | EngineError::Interrupted
    ) {
        tracing::error!(%error, "a request failed inside");
    }
}

/// A failure of the HTTP API.
#[derive(Debug)]
pub(crate) struct ApiError {
    problem: What,
    /// Where a person mends it.
    connect_url: Option<String>,
}

#[derive(Debug)]
enum What {
    /// A failure of the product.
    Problem(Problem),
    /// A request that reached nothing of the product.
    Misdirected(Misdirected),
}

/// What is wrong with a request before anything of the product sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misdirected {
    /// The API has nothing at this address.
    Path,
    /// The address exists and does not take this method.
    Method,
    /// The body is not JSON by its `Content-Type`.
    MediaType,
    /// No function key of this id, or it is revoked.
    Key,
}

impl Misdirected {
    /// Every one.
    pub(crate) const ALL: [Self; 4] = [Self::Path, Self::Method, Self::MediaType, Self::Key];

    /// Status, stable code and sentence.
    pub(crate) const fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Path => (
                404,
                "unknown_path",
                "The API has nothing at this address. Compare it with /api/docs.",
            ),
            Self::Method => (
                405,
                "method_not_allowed",
                "This address does not take that method. The header Allow names those that it takes.",
            ),
            Self::MediaType => (
                415,
                "unsupported_media_type",
                "Send the body as JSON, with `Content-Type: application/json`.",
            ),
            Self::Key => (
                404,
                "unknown_function_key",
                "There is no such function key, or it is revoked already.",
            ),
        }
    }
}

impl ApiError {
    /// Adds the address of the page where a person mends it.
    pub(crate) fn with_connect_url(mut self, url: String) -> Self {
        if matches!(&self.problem, What::Problem(problem) if problem.status() == 424) {
            self.connect_url = Some(url);
        }
        self
    }

    fn parts(&self) -> (u16, &'static str, String) {
        match &self.problem {
            What::Problem(problem) => (problem.status(), problem.code(), problem.detail()),
            What::Misdirected(other) => {
                let (status, code, detail) = other.parts();
                (status, code, detail.to_owned())
            }
        }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self {
            problem: What::Problem(problem),
            connect_url: None,
        }
    }
}
impl From<Misdirected> for ApiError {
    fn from(misdirected: Misdirected) -> Self {
        Self {
            problem: What::Misdirected(misdirected),
            connect_url: None,
        }
    }
}
impl From<FieldErrors> for ApiError {
    fn from(errors: FieldErrors) -> Self {
        Problem::Invalid(errors).into()
    }
}
impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        log(&error);
        error.problem().into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, detail) = self.parts();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason().unwrap_or_else(|| if status.as_u16() == 424 { "Failed Dependency" } else { "Error" }),
            "status": status.as_u16(),
            "code": code,
            "detail": detail,
        });
        if let What::Problem(Problem::Invalid(errors)) = &self.problem {
            body["errors"] = json!(errors.0);
        }
        if let Some(url) = self.connect_url {
            body["connect_url"] = url.into();
        }
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let What::Problem(
            Problem::RateLimited { retry_after } | Problem::ProviderUnavailable { retry_after },
        ) = self.problem
        {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
