//! `ANY /api/v1/proxy/{link_name}/{path}`: the request as it is, to the service's API, with the credential.

use axum::{
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use domain::{
    call::Method, form::FieldErrors, function_key::KeyScope, principal::Principal, problem::Problem,
};
use engine::call::{Call, LEAST_LIFE, Target};

use super::{
    super::{mended_at, user},
    caller, pass as passed,
};
use crate::{auth::Presented, error::ApiError, state::AppState};

/// The header that names the user whose account to use.
const USER: &str = "X-Connections-User";
const PREFIX: &str = "/api/v1/proxy/";

pub(crate) async fn pass(
    State(app): State<AppState>,
    Presented(key): Presented,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let (link_name, target) = target(parts.uri.path(), parts.uri.query())?;
    let method = method(parts.method.as_str())?;
    let ready = app
        .engine
        .ready(
            key,
            link_name,
            &named(&parts.headers)?,
            KeyScope::Invoke,
            LEAST_LIFE,
        )
        .await;
    let ready = ready.map_err(|error| mended_at(&app, link_name, error))?;
    let call = Call {
        method,
        target,
        headers: parts.headers,
        body: caller::body(body, app.engine.settings.calls.patience.idle).await?,
    };
    let answered = app.engine.call(ready, call).await;
    Ok(passed(
        answered.map_err(|error| mended_at(&app, link_name, error))?,
    ))
}

/// The link name, and the path and query as they came: decoding them would make other paths of some.
fn target<'a>(path: &'a str, query: Option<&str>) -> Result<(&'a str, Target), ApiError> {
    let rest = path.strip_prefix(PREFIX).unwrap_or_default();
    let (link_name, path) = rest.split_once('/').unwrap_or((rest, ""));
    let mut below = String::with_capacity(path.len() + query.map_or(0, |query| query.len() + 1));
    below.push_str(path);
    if let Some(query) = query {
        below.push('?');
        below.push_str(query);
    }
    Ok((link_name, Target::Below(below)))
}

fn method(word: &str) -> Result<Method, ApiError> {
    let method = Method::ALL.into_iter().find(|method| method.word() == word);
    let sentence = "Use one of GET, POST, PUT, PATCH, DELETE and HEAD.";
    method.ok_or_else(|| Problem::Invalid(FieldErrors::one("method", sentence)).into())
}

/// The user whom the request names; two names are none.
fn named(headers: &HeaderMap) -> Result<Principal, ApiError> {
    let mut values = headers.get_all(USER).iter();
    let (first, second) = (values.next(), values.next());
    let text = first.map_or(Ok(""), |value| std::str::from_utf8(value.as_bytes()));
    match (text, second) {
        (Ok(text), None) => user(USER, text),
        _ => {
            let sentence = "Name one user, once, in UTF-8.";
            Err(Problem::Invalid(FieldErrors::one(USER, sentence)).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_stays_as_it_came() {
        let below = |path, query| match target(path, query) {
            Ok((name, Target::Below(below))) => (name, below),
            _ => panic!("{path}"),
        };
        assert_eq!(below("/api/v1/proxy/zoom", None), ("zoom", String::new()));
        assert_eq!(below("/api/v1/proxy/zoom/", Some("a=1")), ("zoom", "?a=1".into()));
        assert_eq!(
            below("/api/v1/proxy/zoom/a%2Fb//c", Some("x=%20")),
            ("zoom", "a%2Fb//c?x=%20".into())
        );
    }
}
