//! What the token endpoint says, before anything goes wrong with it.

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, HeaderValue, PRAGMA, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::fault::ExpiresInFault;
use crate::grants::{GrantError, Issued};
use crate::parameters::Doubled;
use crate::plan::Shape;

/// An answer of RFC 6749, 5.1 or 5.2.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) members: Map<String, Value>,
    challenge: bool,
}

impl Answer {
    pub(crate) fn tokens(issued: Issued, seconds: u64, shape: Shape) -> Self {
        let mut members = Map::new();
        members.insert("access_token".into(), issued.access_token.into());
        members.insert("token_type".into(), "Bearer".into());
        if !shape.omit_expires_in {
            members.insert("expires_in".into(), expires_in(seconds, shape.expires_in));
        }
        if let Some(token) = issued.refresh_token {
            members.insert("refresh_token".into(), token.into());
        }
        members.insert("scope".into(), issued.scopes.join(" ").into());
        Self {
            status: StatusCode::OK,
            members,
            challenge: false,
        }
    }

    pub(crate) fn error(status: StatusCode, error: &str, description: &str) -> Self {
        let mut members = Map::new();
        members.insert("error".into(), error.into());
        members.insert("error_description".into(), description.into());
        Self {
            status,
            members,
            challenge: false,
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(Value::Object(self.members))).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        if self.challenge {
            headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"sandbox\""),
            );
        }
        response
    }
}

fn expires_in(seconds: u64, fault: Option<ExpiresInFault>) -> Value {
    match fault {
        None => json!(seconds),
        Some(ExpiresInFault::String) => json!(seconds.to_string()),
        Some(ExpiresInFault::Float) => json!(f64::from(u32::try_from(seconds).unwrap_or(u32::MAX)) - 0.5),
        Some(ExpiresInFault::Negative) => json!(-1),
        Some(ExpiresInFault::Huge) => json!(u64::MAX),
    }
}

/// Why nothing is granted: an error of RFC 6749, 5.2.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: &'static str,
    description: String,
    status: StatusCode,
    challenge: bool,
}

impl Refusal {
    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::bad_request("invalid_request", description)
    }

    pub(crate) fn missing(parameter: &str) -> Self {
        Self::invalid_request(format!("The parameter {parameter} is missing."))
    }

    pub(crate) fn unsupported_grant_type() -> Self {
        Self::bad_request(
            "unsupported_grant_type",
            "Use authorization_code or refresh_token.",
        )
    }

    /// Who tried the `Authorization` header is told the scheme that works there.
    pub(crate) fn invalid_client(by_header: bool) -> Self {
        let description = "The client is unknown or its secret is wrong.";
        Self {
            status: StatusCode::UNAUTHORIZED,
            challenge: by_header,
            ..Self::bad_request("invalid_client", description)
        }
    }

    pub(crate) fn answer(&self) -> Answer {
        Answer {
            challenge: self.challenge,
            ..Answer::error(self.status, self.error, &self.description)
        }
    }

    fn bad_request(error: &'static str, description: impl Into<String>) -> Self {
        Self {
            error,
            description: description.into(),
            status: StatusCode::BAD_REQUEST,
            challenge: false,
        }
    }
}

impl From<Doubled> for Refusal {
    fn from(Doubled: Doubled) -> Self {
        Self::invalid_request("A parameter is given more than once.")
    }
}

impl From<GrantError> for Refusal {
    fn from(error: GrantError) -> Self {
        let code = if error == GrantError::ScopeTooWide {
            "invalid_scope"
        } else {
            "invalid_grant"
        };
        Self::bad_request(code, error.to_string())
    }
}
