//! `PUT /api/v1/connections/{link_name}/credentials`: a credential that somebody has: tokens that were obtained elsewhere,
//! API keys, user name and password, an OAuth 1.0a token with its secret.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use domain::{
    form::{FieldErrors, Fields},
    scope::ScopeName,
    text::single_line,
};
use engine::{
    error::EngineError,
    import::{Import, Token, Tokens},
};

use super::{
    super::{openapi::operation::Operation, user},
    connections::{answer, parse, unknown},
    document::{Document, Kind, Named, Place, at, in_json},
    reply::failed,
};
use crate::{auth::Manager, error::ApiError, state::AppState};

const PLACES: &[Place] = &[
    at("access_token", "access_token", Kind::Text),
    at("refresh_token", "refresh_token", Kind::Text),
    at("expires_in", "expires_in", Kind::Number),
    at("scopes", "scope", Kind::Texts),
    at("account", "account", Kind::Text),
    at("user", "user", Kind::Text),
    at("values", VALUES, Kind::Pairs),
];

/// Values that the service asks for, as lines.
const VALUES: &str = "values";

/// Ten years, in seconds.
const LONGEST: u32 = 315_360_000;

pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    body: Some("Import"),
    answers: &[(200, "Connection")],
    problems: &["invalid", "unknown_connection", "not_permitted", "provider_error"],
    ..Operation::manage(
        "put",
        "/api/v1/connections/{link_name}/credentials",
        "import_credential",
        "Connections",
        "Import tokens that were obtained elsewhere, or set the values that the service asks for; a refresh token alone is used at once, and the status tells the result",
    )
}];

pub(crate) async fn put(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
    document: Document,
) -> Result<Response, ApiError> {
    let link_name = parse(&name)?;
    let mut fields = document.fields(PLACES)?;
    let user = user("user", fields.get("user"))?;
    if fields.has(VALUES) {
        let lines = fields.take(VALUES);
        let values: BTreeMap<String, String> = lines
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let typed = app
            .engine
            .type_credential(&manager, &link_name, &user, &values)
            .await;
        typed.map_err(|error| failed(renamed(error), unknown(&name), PLACES))?;
    } else {
        let import = read(&mut fields).map_err(|errors| in_json(errors, PLACES))?;
        let imported = app
            .engine
            .import_credential(&manager, &link_name, &user, &import)
            .await;
        imported.map_err(|error| failed(error, unknown(&name), PLACES))?;
    }
    answer(&app, &manager, &name).await
}

/// Errors of values under the names of the document.
fn renamed(error: EngineError) -> EngineError {
    let EngineError::Fields(errors) = error else {
        return error;
    };
    let mut renamed = FieldErrors::default();
    for error in errors.0 {
        let field = match error.field.strip_prefix("value_") {
            Some(name) => format!("values.{name}"),
            None => error.field,
        };
        renamed.add(&field, error.message);
    }
    renamed.into()
}

fn read(fields: &mut Fields) -> Result<Import, FieldErrors> {
    let mut errors = FieldErrors::default();
    let access = token(fields, "access_token", &mut errors);
    let refresh = token(fields, "refresh_token", &mut errors);
    let expires_in = expires_in(fields.get("expires_in"), &mut errors);
    let scopes = fields.has("scope").then(|| scopes(fields, &mut errors));
    let account = match fields.get("account") {
        "" => None,
        text => single_line(text, 200)
            .map_err(|error| errors.add("account", format!("The account {error}.")))
            .ok()
            .map(str::to_owned),
    };
    let tokens = Tokens::of(access, refresh);
    if tokens.is_none() && errors.is_empty() {
        errors.add("access_token", "Send an access token, a refresh token or both.");
    }
    match tokens {
        Some(tokens) if errors.is_empty() => Ok(Import {
            tokens,
            expires_in,
            scopes,
            account,
        }),
        _ => Err(errors),
    }
}

fn token(fields: &mut Fields, name: &str, errors: &mut FieldErrors) -> Option<Token> {
    if !fields.has(name) {
        return None;
    }
    Token::read(fields.take(name))
        .map_err(|error| errors.add(name, error))
        .ok()
}

fn expires_in(text: &str, errors: &mut FieldErrors) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    let seconds = text
        .parse()
        .ok()
        .filter(|seconds| (1..=LONGEST).contains(seconds));
    if seconds.is_none() {
        let sentence = format!("Use a whole number of seconds from 1 to {LONGEST}.");
        errors.add("expires_in", sentence);
    }
    seconds
}

fn scopes(fields: &Fields, errors: &mut FieldErrors) -> Vec<ScopeName> {
    let mut scopes: Vec<ScopeName> = Vec::new();
    for word in fields.all("scope") {
        match word.parse() {
            Ok(scope) if scopes.contains(&scope) => {}
            Ok(scope) => scopes.push(scope),
            Err(error) => errors.add("scope", error),
        }
    }
    scopes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_token_must_come() {
        let none = read(&mut Fields::default()).unwrap_err();
        assert!(none.of("access_token").is_some());
        let fields = Fields::default()
            .with("refresh_token", "r")
            .with("scope", "a")
            .with("expires_in", "60");
        let import = read(&mut fields.clone()).unwrap();
        assert!(matches!(import.tokens, Tokens::Refresh(_)));
        assert_eq!(
            (import.expires_in, import.scopes.map(|s| s.len())),
            (Some(60), Some(1))
        );
        for (field, value) in [
            ("refresh_token", "a\nb"),
            ("expires_in", "0"),
            ("scope", "a b"),
            ("account", "a\0"),
        ] {
            let mut odd = Fields::default().with("access_token", "t").with(field, value);
            assert!(read(&mut odd).unwrap_err().of(field).is_some(), "{field}");
        }
    }
}
