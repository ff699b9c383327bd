//! Whose account it is: one GET where the service names one. A failure costs the name, nothing else.

use domain::{service::Definition, text::quoted};
use http::{HeaderValue, Method, header};
use serde_json::Value;

use crate::{
    Engine,
    egress::Outbound,
    token::{Tokens, sensitive},
};

impl Engine {
    /// The account's name; None where the service has no identity URL or the provider does not tell.
    pub(crate) async fn identity(&self, service: &Definition, tokens: &Tokens) -> Option<String> {
        let oauth2 = service.oauth2();
        let url = oauth2.options.identity_url.as_ref()?;
        if !service.may_tell_identity(url) {
            return None;
        }
        let url = url.as_url().clone();
        let outbound = Outbound::new(Method::GET, url)
            .header(header::ACCEPT, HeaderValue::from_static("application/json"));
        let bearer = format!("Bearer {}", tokens.access.as_text()?);
        let answer = self
            .egress
            .send(sensitive(outbound, header::AUTHORIZATION, &bearer))
            .await
            .ok()?;
        if !answer.status.is_success() {
            return None;
        }
        let name = account(
            &serde_json::from_slice(&answer.body).ok()?,
            &oauth2.options.identity_field,
        )?;
        // An address that echoes its request would put the token where a name belongs.
        let echoes = tokens.access.as_text().is_some_and(|token| name.contains(token));
        (!echoes).then_some(name)
    }
}

/// The member at a path such as `user.email`, as text.
fn account(answer: &Value, path: &str) -> Option<String> {
    let found = path
        .split('.')
        .try_fold(answer, |value, name| match name.parse::<usize>() {
            Ok(index) if value.is_array() => value.get(index),
            _ => value.get(name),
        })?;
    let text = match found {
        Value::String(text) => quoted(text, 200),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_account_by_path() {
        let answer = serde_json::json!({"email": "ada@example.com", "user": {"id": 7}, "users": [{"name": "Ada"}], "x": {}});
        for (path, expected) in [
            ("email", Some("ada@example.com")),
            ("user.id", Some("7")),
            ("users.0.name", Some("Ada")),
            ("x", None),
            ("y.z", None),
            ("", None),
        ] {
            assert_eq!(account(&answer, path).as_deref(), expected, "{path}");
        }
    }
}
