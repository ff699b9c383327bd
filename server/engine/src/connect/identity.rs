//! Whose account it is: one GET where the service names one. A failure costs the name; where the service keeps a value
//! of the answer that calls need (DocuSign, Mailchimp, Jira), it fails the connection.

use domain::{service::Definition, text::quoted, url_template::UrlTemplate};
use http::Method;
use serde_json::Value;

use super::keep::Fresh;
use crate::{Engine, known::Known, material::Material, probe::Armed, token::answer::keep, vault::Secret};

impl Engine {
    /// The same credential with the account's name and the values of the identity request's answer.
    ///
    /// # Errors
    /// A sentence, where a value that the service keeps did not come.
    pub(super) async fn with_identity(
        &self,
        definition: &Definition,
        mut fresh: Fresh,
        known: Known,
        consumer_secret: Option<&Secret>,
    ) -> Result<Fresh, String> {
        let url = definition.identity_url();
        let field = match (definition.oauth2(), definition.oauth1()) {
            (Some(oauth2), _) => Some(oauth2.options.identity_field.as_str()),
            (_, Some(oauth1)) => oauth1.options.identity_field.as_ref().map(|field| field.as_str()),
            _ => None,
        };
        let known = known.with_all(&fresh.kept);
        let wanted = definition.oauth2().map(|oauth2| &oauth2.options.identity.keep);
        let body = match url {
            Some(url) => {
                self.told(definition, &fresh.material, &known, consumer_secret, url)
                    .await
            }
            None => Err("The service has no identity URL.".to_owned()),
        };
        if let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) {
            let body = body
                .as_ref()
                .map_err(|why| format!("The identity request failed: {why}"))?;
            let values = keep(body, wanted.iter(), &fresh.material.secrets())?;
            fresh.kept.extend(values);
        }
        let name = body.ok().and_then(|body| account(&body, field?));
        // An address that echoes its request would put the token where a name belongs.
        let secrets = fresh.material.secrets();
        let echoes = |name: &String| {
            secrets
                .iter()
                .any(|secret| secret.as_text().is_some_and(|text| name.contains(text)))
        };
        let name = name.filter(|name| !echoes(name));
        fresh.account = name.or(fresh.account);
        Ok(fresh)
    }

    async fn told(
        &self,
        definition: &Definition,
        material: &Material,
        known: &Known,
        consumer_secret: Option<&Secret>,
        url: &UrlTemplate,
    ) -> Result<Value, String> {
        let value_of = |name: &str| match name {
            "client_id" => definition.oauth2().map(|oauth2| oauth2.client_id.as_str()),
            name => known.get(name),
        };
        let url = url.fill(value_of).map_err(|error| error.to_string())?;
        if !definition.may_tell_identity(url.as_url(), |name| known.get(name)) {
            return Err(format!(
                "The identity URL leads to {}, which is not an allowed host.",
                url.host()
            ));
        }
        let armed = Armed {
            definition,
            material,
            known,
            consumer_secret,
        };
        let placed = armed.placed_first().map_err(|problem| problem.detail())?;
        let answered = self.send_armed(&armed, &placed, &Method::GET, url.as_url()).await;
        let answer = answered
            .map_err(|problem| problem.detail())?
            .map_err(|error| error.to_string())?;
        if !answer.status.is_success() {
            return Err(format!("The provider answered {}.", answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|_| "The provider's answer is no JSON.".to_owned())
    }
}

/// The member at a path such as `user.email`, as text.
fn account(answer: &Value, path: &str) -> Option<String> {
    let path: domain::member::MemberPath = path.parse().ok()?;
    let text = match path.find(answer)? {
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
