//! The one mechanism behind every form, with and without JavaScript.
//!
//! A form posts to its page's own address. Success answers 303; a failure shows the same page again with 422,
//! the field errors and everything that was typed, except secrets, which are taken out before anything else looks
//! at the fields. Where the browser's program posts it asks for JSON and gets the same in that form.

use app::{Form, Page};
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::{form::Fields, problem::Problem};
use engine::{error::EngineError, vault::Secret};
use serde_json::json;

use crate::{
    done::Done,
    error::{Pending, WebError},
    view::Viewer,
};

/// A posted form.
pub(crate) struct Posted(pub(crate) Fields);

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;
    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| too_large())?;
        Ok(Self(Fields::read(&body)))
    }
}

/// The one way in which reading a body fails that a person can mend.
fn too_large() -> Response {
    let mut response = StatusCode::PAYLOAD_TOO_LARGE.into_response();
    response.extensions_mut().insert(Pending {
        status: StatusCode::PAYLOAD_TOO_LARGE,
        heading: "This form is too large",
        sentences: vec!["A form takes at most 256 kB. Nothing was changed; go back and shorten it.".into()],
        action: ("Show connections", "/setup/connections"),
    });
    response
}

impl Posted {
    /// Takes a secret out of the fields: no page shows it again.
    pub(crate) fn secret(&mut self, name: &str) -> Secret {
        Secret::text(self.0.take(name))
    }
}

/// Where to go after success.
pub(crate) struct Go {
    to: String,
    /// Where the browser's program goes instead, since it may leave the site.
    live: Option<String>,
}

impl Go {
    pub(crate) fn to(path: impl Into<String>) -> Self {
        Self {
            to: path.into(),
            live: None,
        }
    }
    pub(crate) fn or_live(mut self, path: impl Into<String>) -> Self {
        self.live = Some(path.into());
        self
    }

    /// The page that follows says so.
    pub(crate) fn done(mut self, done: Done) -> Self {
        self.to = format!("{}?done={}", self.to, done.word());
        self
    }

    fn answer(self, viewer: &Viewer) -> Response {
        if viewer.json {
            Json(json!({"go": self.live.unwrap_or(self.to)})).into_response()
        } else {
            Redirect::to(&self.to).into_response()
        }
    }
}

/// Answers a form. `page` makes the same page around what was typed.
pub(crate) async fn answer<P>(
    viewer: &Viewer,
    posted: Posted,
    result: Result<Go, EngineError>,
    page: impl FnOnce(Form) -> P,
) -> Result<Response, WebError>
where
    P: Future<Output = Result<Page, WebError>>,
{
    let error = match result {
        Ok(go) => return Ok(go.answer(viewer)),
        Err(error) if error.is_not_found() => return Err(WebError::NotFound),
        Err(error) => error,
    };
    if let EngineError::Store(_) | EngineError::Vault(_) | EngineError::Interrupted = &error {
        tracing::error!(%error, "a form could not be carried out");
    }
    let problem = error.problem();
    let status = StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let form = form(posted.0, problem);
    if viewer.json {
        let body = json!({"errors": form.errors.0, "message": form.message});
        return Ok((status, Json(body)).into_response());
    }
    Ok(viewer.page(status, page(form).await?))
}

fn form(fields: Fields, problem: Problem) -> Form {
    match problem {
        Problem::Invalid(mut errors) => {
            let whole = errors
                .0
                .iter()
                .position(|e| e.field.is_empty())
                .map(|at| errors.0.remove(at).message);
            Form {
                fields,
                errors,
                message: whole,
            }
        }
        other => Form {
            fields,
            message: Some(other.detail()),
            ..Form::default()
        },
    }
}

/// A person has no ETag; they have a page to reload.
pub(crate) fn in_words(error: EngineError) -> EngineError {
    match error {
        EngineError::Problem(Problem::Changed) => EngineError::field(
            "",
            "Somebody else changed this meanwhile, and nothing of yours was saved. Open the page again and repeat your change.",
        ),
        other => other,
    }
}
