//! What the token endpoint says, before anything goes wrong with it.

use axum::Json;
use axum::http::HeaderName;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, PRAGMA, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::fault::ExpiresInFault;
use crate::grants::{GrantError, Issued};
use crate::parameters::Doubled;
use crate::plan::Shape;
use crate::quirks::Unmet;

/// An answer of RFC 6749, 5.1 or 5.2.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) members: Map<String, Value>,
    /// A header with the token in it.
    pub(crate) header: Option<(String, String)>,
    pub(crate) form_encoded: bool,
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
        Self::new(StatusCode::OK, members)
    }

    pub(crate) fn error(status: StatusCode, error: &str, description: &str) -> Self {
        let mut members = Map::new();
        members.insert("error".into(), error.into());
        members.insert("error_description".into(), description.into());
        Self::new(status, members)
    }

    fn new(status: StatusCode, members: Map<String, Value>) -> Self {
        Self {
            status,
            members,
            header: None,
            form_encoded: false,
            challenge: false,
        }
    }

    /// The members as a form.
    pub(crate) fn urlencoded(self) -> String {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.members {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            form.append_pair(&name, &text);
        }
        form.finish()
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let (status, challenge, header) = (self.status, self.challenge, self.header.clone());
        let mut response = if self.form_encoded {
            let kind = [(CONTENT_TYPE, "application/x-www-form-urlencoded")];
            (status, kind, self.urlencoded()).into_response()
        } else {
            (status, Json(Value::Object(self.members))).into_response()
        };
        let headers = response.headers_mut();
        if let Some((name, token)) = header
            && let Ok(name) = HeaderName::try_from(name)
            && let Ok(token) = HeaderValue::try_from(token)
        {
            headers.insert(name, token);
        }
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        if challenge {
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
    /// The demand of the client that was not met.
    pub(crate) unmet: Option<&'static str>,
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

    /// The client did not prove itself in the way that its provider takes.
    pub(crate) fn unmet_client(unmet: Unmet) -> Self {
        Self {
            unmet: Some(unmet.demand),
            status: StatusCode::UNAUTHORIZED,
            ..Self::bad_request("invalid_client", unmet.description)
        }
    }

    /// RFC 7523, 3.2.
    pub(crate) fn wrong_assertion(demand: &'static str, reason: &str) -> Self {
        Self::unmet_client(Unmet::new(
            demand,
            format!("The client assertion is not good: {reason}."),
        ))
    }

    /// RFC 7523, 3.1.
    pub(crate) fn wrong_grant_assertion(demand: &'static str, reason: &str) -> Self {
        Self {
            unmet: Some(demand),
            ..Self::bad_request("invalid_grant", format!("The assertion is not good: {reason}."))
        }
    }

    pub(crate) fn wrong_method(unmet: Unmet) -> Self {
        Self {
            status: StatusCode::METHOD_NOT_ALLOWED,
            ..unmet.into()
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
            unmet: None,
            description: description.into(),
            status: StatusCode::BAD_REQUEST,
            challenge: false,
        }
    }
}

impl From<Unmet> for Refusal {
    fn from(unmet: Unmet) -> Self {
        Self {
            unmet: Some(unmet.demand),
            ..Self::invalid_request(unmet.description)
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
