//! From a page to a response.

use app::{
    Body, Chrome, Page,
    pages::message::{Action, MessagePage},
    render,
};
use axum::{
    extract::FromRequestParts,
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Response},
};
use domain::{connection::Status, form::Fields};
use engine::actor::Member;

use crate::{done::Done, error::WebError, layers::headers::Nonce, state::AppState};

/// What a page needs to know about its request.
#[derive(Clone)]
pub(crate) struct Viewer {
    pub(crate) app: AppState,
    nonce: Nonce,
    /// The path of the request.
    pub(crate) path: String,
    /// Whether the browser's program asks, and takes JSON.
    pub(crate) json: bool,
    /// What was just done, where this is the page that says so.
    done: Option<Done>,
}

impl FromRequestParts<AppState> for Viewer {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, WebError> {
        let nonce = parts.extensions.get::<Nonce>().cloned().ok_or(WebError::Broken)?;
        let accept = parts
            .headers
            .get(header::ACCEPT)
            .and_then(|v| v.to_str().ok())
            .unwrap_or_default();
        Ok(Self {
            app: app.clone(),
            nonce,
            path: parts.uri.path().to_owned(),
            json: accept.starts_with("application/json"),
            done: (parts.method == Method::GET)
                .then(|| done(parts.uri.query()))
                .flatten(),
        })
    }
}

impl Viewer {
    /// The document with a status. Pages of signed-in people are not stored by browsers.
    pub(crate) fn page(&self, status: StatusCode, mut page: Page) -> Response {
        page.notice = page.notice.or_else(|| self.done.map(Done::notice));
        let mut response =
            (status, Html(render(page, &self.app.assets, self.nonce.as_str()))).into_response();
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }

    /// What stands around the page of a signed-in person.
    pub(crate) async fn chrome(&self, member: &Member) -> Result<Chrome, WebError> {
        let attention = self.app.engine.connections(member).await?;
        let attention = attention
            .iter()
            .filter(|row| needs_attention(row.status()))
            .count();
        Ok(self.chrome_with(member, attention))
    }

    /// The same where the number is known.
    pub(crate) fn chrome_with(&self, member: &Member, attention: usize) -> Chrome {
        Chrome {
            organization: member.organization_name.clone(),
            person: member.name.clone(),
            email: member.email.clone(),
            role: member.role,
            path: self.path.clone(),
            attention,
        }
    }

    /// A page with one message and one button.
    pub(crate) fn message(
        &self,
        status: StatusCode,
        heading: &str,
        sentences: &[&str],
        action: Option<(&str, String)>,
    ) -> Response {
        let action = action.map(|(words, href)| Action {
            words: words.to_owned(),
            href,
        });
        let message = MessagePage {
            heading: heading.to_owned(),
            sentences: sentences.iter().map(|s| (*s).to_owned()).collect(),
            quote: None,
            action,
            other: None,
        };
        let page = Page {
            title: heading.to_owned(),
            chrome: None,
            notice: None,
            body: Body::Message(message),
        };
        self.page(status, page)
    }
}

fn done(query: Option<&str>) -> Option<Done> {
    Done::of(Fields::read(query?.as_bytes()).get("done"))
}

/// Whether a person has something to do.
pub(crate) const fn needs_attention(status: Status) -> bool {
    matches!(
        status,
        Status::Error | Status::NeedsReauthorization | Status::Expiring
    )
}
