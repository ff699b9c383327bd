//! `PUT /api/v1/connectors/{name}`: a connector as the Catalyst SDKs configure it.

use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    form::{Check, FieldErrors, Fields, service::check_secret},
    name::Name,
    service::ServiceSecret,
    text::single_line,
};
use engine::{connectors::ConnectorInput, import::Token, vault::Secret};
use serde_json::json;

use super::{
    manage::{
        document::{Document, Kind, Named, Place, at},
        reply,
    },
    openapi::operation::Operation,
};
use crate::{auth::Registrar, error::ApiError, state::AppState};

/// `refresh_in` and `expires_in` are taken, since SDKs send them, and not needed: the provider's answers tell how long a
/// token lives.
const PLACES: &[Place] = &[
    at("client_id", "client_id", Kind::Text),
    at("client_secret", "client_secret", Kind::Text),
    at("auth_url", "auth_url", Kind::Text),
    at("refresh_url", "refresh_url", Kind::Text),
    at("refresh_token", "refresh_token", Kind::Text),
    at("refresh_in", "refresh_in", Kind::Number),
    at("expires_in", "expires_in", Kind::Number),
];

pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    body: Some("ConnectorInput"),
    answers: &[(200, "Connector"), (201, "Connector")],
    problems: &["invalid"],
    scope: "connectors",
    ..Operation::manage(
        "put",
        "/api/v1/connectors/{name}",
        "register_connector",
        "Connectors",
        "Find or make service, connection and credential of a connector; another configuration is another connection",
    )
}];

pub(crate) async fn put(
    State(app): State<AppState>,
    Registrar(registrar): Registrar,
    Named(name): Named,
    document: Document,
) -> Result<Response, ApiError> {
    let name: Name = name.parse().map_err(|error| FieldErrors::one("name", error))?;
    let input = read(document.fields(PLACES)?)?;
    let registered = app.engine.register_connector(&registrar, &name, &input).await?;
    let status = if registered.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    let body = json!({
        "name": name,
        "link_name": registered.connection.link_name,
        "status": registered.connection.status(),
        "created": registered.created,
    });
    Ok(reply::one(status, body, None))
}

fn read(mut fields: Fields) -> Result<ConnectorInput, FieldErrors> {
    let secret = fields.take("client_secret");
    let token = Token::read(fields.take("refresh_token"));
    let mut check = Check::new(&fields);
    let client_id = single_line(fields.get("client_id"), 500).map(str::to_owned);
    if let Err(error) = &client_id {
        check.error("client_id", format!("The client ID {error}."));
    }
    if let Err(error) = check_secret(ServiceSecret::Text, &secret) {
        check.error("client_secret", error);
    }
    let (authorize_url, refresh_url) = (check.required("auth_url"), check.required("refresh_url"));
    if let Err(error) = &token {
        check.error("refresh_token", error);
    }
    for field in ["refresh_in", "expires_in"] {
        if !fields.get(field).is_empty() && fields.get(field).parse::<u64>().is_err() {
            check.error(field, "Write this as a whole number.");
        }
    }
    let value = (|| {
        Some(ConnectorInput {
            client_id: client_id.ok()?,
            client_secret: Secret::text(secret),
            authorize_url: authorize_url?,
            refresh_url: refresh_url?,
            refresh_token: token.ok()?,
        })
    })();
    check.finish(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> Fields {
        Fields::default()
            .with("client_id", "1000.X")
            .with("client_secret", "s")
            .with("auth_url", "https://accounts.zoho.com/oauth/v2/auth")
            .with("refresh_url", "https://accounts.zoho.com/oauth/v2/token")
            .with("refresh_token", "1000.r")
            .with("expires_in", "3600")
    }

    #[test]
    fn reads_what_the_sdks_send() {
        let input = read(whole()).unwrap();
        assert_eq!(input.refresh_url.host(), "accounts.zoho.com");
    }

    #[test]
    fn names_every_wrong_field() {
        let errors = read(Fields::default().with("refresh_in", "soon")).err().unwrap();
        for field in [
            "client_id",
            "client_secret",
            "auth_url",
            "refresh_url",
            "refresh_token",
            "refresh_in",
        ] {
            assert!(errors.of(field).is_some(), "{field}: {errors:?}");
        }
    }
}
