//! Why a signed request is refused, in the words of the Problem Reporting extension.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::response::{IntoResponse, Response};

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) name: &'static str,
    /// The demand of the consumer that was not met.
    pub(crate) unmet: Option<&'static str>,
    /// The timestamps that would do.
    acceptable: Option<(u64, u64)>,
}

impl Problem {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            unmet: None,
            acceptable: None,
        }
    }

    pub(crate) fn unmet(name: &'static str, demand: &'static str) -> Self {
        Self {
            unmet: Some(demand),
            ..Self::new(name)
        }
    }

    pub(crate) fn timestamp(now_s: u64, skew_s: u64) -> Self {
        let acceptable = (now_s.saturating_sub(skew_s), now_s.saturating_add(skew_s));
        Self {
            acceptable: Some(acceptable),
            ..Self::unmet("timestamp_refused", "skew_seconds")
        }
    }

    /// RFC 5849, 3.2: 400 where the request is no request, 401 where its signature is not good.
    fn status(&self) -> StatusCode {
        match self.name {
            "parameter_absent" | "parameter_rejected" | "signature_method_rejected" | "version_rejected" => {
                StatusCode::BAD_REQUEST
            }
            "method_rejected" => StatusCode::METHOD_NOT_ALLOWED,
            _ => StatusCode::UNAUTHORIZED,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = format!("oauth_problem={}", self.name);
        if let Some((from, to)) = self.acceptable {
            body.push_str(&format!("&oauth_acceptable_timestamps={from}-{to}"));
        }
        let headers = [
            (CONTENT_TYPE, "application/x-www-form-urlencoded".to_owned()),
            (
                WWW_AUTHENTICATE,
                format!("OAuth realm=\"sandbox\", oauth_problem=\"{}\"", self.name),
            ),
        ];
        (self.status(), headers, body).into_response()
    }
}
