//! `GET /api/v1/connections/{link_name}/credentials`

use std::collections::BTreeMap;

use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{
    form::{FieldErrors, Fields},
    function_key::KeyScope,
    principal::Principal,
    problem::Problem,
    text::quoted,
};
use engine::{vault::Secret, vend::Vended};
use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;

use super::{mended_at, user};
use crate::{auth::Presented, error::ApiError, state::AppState};

const MIN_TTL: u32 = 60;

pub(crate) async fn get(
    State(app): State<AppState>,
    Presented(key): Presented,
    Path(link_name): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let query = Fields::read(query.unwrap_or_default().as_bytes());
    only_known(&query)?;
    let (min_ttl, user) = (min_ttl(&query)?, named(&query)?);
    let scope = KeyScope::CredentialsRead;
    let ready = app
        .engine
        .ready(key, &link_name, &user, scope, f64::from(min_ttl))
        .await;
    let vended = ready
        .map_err(|error| mended_at(&app, &link_name, error))?
        .vended();
    let mut response = body(&vended).to_string().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// A misspelt `user` must not hand out the organization's credential instead.
fn only_known(query: &Fields) -> Result<(), ApiError> {
    match query.stranger(&["min_ttl", "user"]) {
        None => Ok(()),
        Some(name) => {
            let sentence = "There is no such parameter. There are min_ttl and user.";
            Err(Problem::Invalid(FieldErrors::one(&quoted(name, 60), sentence)).into())
        }
    }
}

/// The user whom the query names; two names are none.
fn named(query: &Fields) -> Result<Principal, ApiError> {
    if query.all("user").count() > 1 {
        let sentence = "Name one user, once.";
        return Err(Problem::Invalid(FieldErrors::one("user", sentence)).into());
    }
    user("user", query.get("user"))
}

fn min_ttl(query: &Fields) -> Result<u32, ApiError> {
    match query.get("min_ttl") {
        "" => Ok(MIN_TTL),
        text => text
            .parse()
            .ok()
            .filter(|seconds| *seconds <= 86_400)
            .ok_or_else(|| {
                let sentence = "Use a whole number of seconds from 0 to 86400.";
                Problem::Invalid(FieldErrors::one("min_ttl", sentence)).into()
            }),
    }
}

/// The one answer that holds a secret: the access token that was asked for, and nothing that renews it.
fn body(vended: &Vended) -> Value {
    let map = |secrets: &BTreeMap<String, Secret>| -> Map<String, Value> {
        secrets
            .iter()
            .map(|(name, value)| (name.clone(), value.as_text().into()))
            .collect()
    };
    json!({
        "link_name": vended.link_name,
        "service": vended.service,
        "status": vended.status,
        "headers": map(&vended.headers),
        "parameters": map(&vended.parameters),
        "form": map(&vended.form),
        "access_token": vended.access_token.as_ref().and_then(Secret::as_text),
        "token_type": vended.token_type,
        "expires_at": vended.expires_at.and_then(|at| at.replace_nanosecond(0).ok()).and_then(|at| at.format(&Rfc3339).ok()),
        "expires_in": vended.expires_in,
        "scopes": vended.scopes,
        "account": vended.account,
        "version": vended.version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_is_named_or_none() {
        let of = |query: &str| named(&Fields::read(query.as_bytes())).ok();
        assert_eq!(of("min_ttl=5"), Some(Principal::Organization));
        assert_eq!(of("user=a%20b"), Some(Principal::External("a b".into())));
        for twice in ["user=a&user=b", "user=a&user=a", "user=&user=a"] {
            assert_eq!(of(twice), None, "{twice}");
        }
    }

    #[test]
    fn a_misspelt_parameter_is_no_absent_one() {
        let good = |query: &str| only_known(&Fields::read(query.as_bytes())).is_ok();
        for query in ["", "user=a", "min_ttl=5&user=a"] {
            assert!(good(query), "{query}");
        }
        for query in ["User=a", "users=a", "user%20=a", "min_ttl=5&login_user=a"] {
            assert!(!good(query), "{query}");
        }
    }
}
