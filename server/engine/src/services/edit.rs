//! Changing a service that is in use, and what that does to its connections.

use domain::{
    connection::CredentialState,
    form::service::secret_field,
    link_name::LinkName,
    service::{Authentication, Definition, ServiceInput, check::contradictions, oauth2::GrantType},
    when::count,
};

use super::{fitting, missing_secret, overtaken, unchanged};
use crate::{
    Engine,
    actor::{Insider, Manager},
    error::EngineError,
    store::{audit::Deed, connections::ConnectionRow},
    vault::Secret,
};

/// What an edit of a service would do.
#[derive(Debug)]
pub struct EditImpact {
    /// Connections whose credential it makes useless, now or once it ends, and why.
    pub must_reconnect: Vec<(ConnectionRow, String)>,
    /// How many others go on.
    pub unaffected: usize,
}

impl Engine {
    /// What an edit would do to the connections of a service.
    ///
    /// # Errors
    /// Not found.
    pub async fn edit_impact(
        &self,
        insider: &impl Insider,
        link_name: &LinkName,
        input: &ServiceInput,
    ) -> Result<EditImpact, EngineError> {
        let (service, connections) = self.service(insider, link_name).await?;
        let why = lost(&service.input.definition, &input.definition).join(" ");
        let (hit, rest): (Vec<_>, Vec<_>) = connections
            .into_iter()
            .partition(|row| !why.is_empty() && holds_something(row));
        Ok(EditImpact {
            must_reconnect: hit.into_iter().map(|row| (row, why.clone())).collect(),
            unaffected: rest.len(),
        })
    }

    /// Changes a service; an empty secret keeps the stored one. Connections that were blocked by wrong settings
    /// try again at once.
    ///
    /// Where a token endpoint moves to another origin, nothing that is stored is sent there: the client secret must
    /// be typed again, connections need consent again, consents that are open end, and tokens that wait to be withdrawn
    /// are not sent any more.
    ///
    /// # Errors
    /// [`domain::problem::Problem::Changed`] for another version than the `expected` one; field errors as at
    /// creation; not found where it was deleted meanwhile.
    pub async fn update_service(
        &self,
        manager: &Manager,
        link_name: &LinkName,
        input: &ServiceInput,
        secret: Option<&Secret>,
        expected: Option<i64>,
    ) -> Result<(), EngineError> {
        self.check_policy(&input.definition)?;
        // Also a definition that was put together from a stored one and an addition.
        let contradictions = contradictions(&input.definition);
        if !contradictions.is_empty() {
            return Err(contradictions.into());
        }
        let secret = fitting(&input.definition, secret)?;
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.service_by_link_name(link_name).await?;
        unchanged(expected, row.version)?;
        if row.input.definition.authentication.kind() != input.definition.authentication.kind()
            && row.connections > 0
        {
            return Err(EngineError::field(
                "authentication_type",
                "Connections use this service, and their credentials are of another type. Clone the service, or delete them first.",
            ));
        }
        let moved = moved(&row.input.definition, &input.definition);
        if let (Some(field), None) = (secret_field(&input.definition), secret) {
            if row.client_secret.is_none() || row.input.definition.secret() != input.definition.secret() {
                return Err(EngineError::field(field, missing_secret(&input.definition)));
            }
            if !moved.is_empty() {
                let words = format!(
                    "The client secret would now be sent to {}. Type it again.",
                    moved.join(" and ")
                );
                return Err(EngineError::field(field, words));
            }
        }
        tx.service_update(row.id, row.version, input)
            .await
            .map_err(overtaken)?;
        if secret.is_some() || secret_field(&input.definition).is_none() {
            self.replace_secret(&mut tx, manager, &row, secret).await?;
        }
        let alone = input
            .definition
            .oauth2()
            .is_some_and(|oauth2| oauth2.renews_alone());
        tx.credential_renews(row.id, alone).await?;
        let mut given_up = 0;
        if moved.is_empty() {
            tx.credentials_unblock(row.id).await?;
        } else {
            tx.credentials_strand(row.id).await?;
            tx.consents_of_service_end(row.id).await?;
            given_up = tx.revocations_of_service_end(row.id).await?;
        }
        let detail = changed(secret.is_some(), &moved, given_up);
        let deed = Deed {
            action: "service.changed",
            service: Some(row.id),
            subject: input.name.as_str(),
            detail: &detail,
            ..Deed::default()
        };
        tx.audit(&manager.actor(), deed).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether there is a credential that an edit could make useless.
fn holds_something(row: &ConnectionRow) -> bool {
    let own = row.credential.as_ref();
    row.people > 0 || own.is_some_and(|own| own.facts.state != CredentialState::Revoked)
}

/// Where secrets would be sent that they are not sent now.
fn moved(before: &Definition, after: &Definition) -> Vec<String> {
    let known = before.secret_origins();
    let mut moved: Vec<String> = after.secret_origins();
    moved.retain(|origin| !known.contains(origin));
    moved.dedup();
    moved
}

/// What credentials of the one definition lack under the other, a sentence each.
fn lost(before: &Definition, after: &Definition) -> Vec<String> {
    let moved = moved(before, after);
    let moved = (!moved.is_empty()).then(|| {
        format!(
            "Secrets would be sent to {} from now on, and what was stored for the earlier address is not sent there.",
            moved.join(", ")
        )
    });
    let fields = after.fields.iter().filter(|field| {
        let new = !before.fields.iter().any(|known| known.name == field.name);
        new && !field.optional
    });
    let fields = fields.map(|field| {
        format!(
            "It was not asked for \u{201c}{}\u{201d}: only a new connection is.",
            field.label()
        )
    });
    let values = after
        .asked()
        .into_iter()
        .filter(|asked| !before.asked().iter().any(|known| known.name == asked.name));
    let values = values.map(|asked| format!("\u{201c}{}\u{201d} must be typed in.", asked.label));
    let client = another_client(before, after);
    moved
        .into_iter()
        .chain(client)
        .chain(values)
        .chain(fields)
        .collect()
}

/// A token is good for the client that it was given to (RFC 6749 sections 1.5 and 10.4), and whoever was never asked
/// for consent has none that a person gave.
fn another_client(before: &Definition, after: &Definition) -> Option<String> {
    match (&before.authentication, &after.authentication) {
        (Authentication::OAuth2(before), Authentication::OAuth2(after)) => {
            let asks_nobody = |grant: GrantType| !grant.has_consent();
            if before.client_id != after.client_id && after.grant_type.has_consent() {
                Some("Its tokens belong to the earlier client ID: they work until they end, and are not renewed.".into())
            } else if asks_nobody(before.grant_type) && after.grant_type.has_consent() {
                Some("Nobody consented to it so far: its token works until it ends.".into())
            } else {
                None
            }
        }
        (Authentication::OAuth1(before), Authentication::OAuth1(after))
            if before.consumer_key != after.consumer_key =>
        {
            Some("Its token belongs to the earlier consumer key.".into())
        }
        _ => None,
    }
}

/// What an edit did, for the audit record.
fn changed(secret: bool, moved: &[String], given_up: u64) -> String {
    let secret = secret.then(|| "client secret replaced".to_owned());
    let moved = (!moved.is_empty()).then(|| format!("token endpoints now at {}", moved.join(" and ")));
    let given_up = (given_up > 0).then(|| {
        let tokens = count(i64::try_from(given_up).unwrap_or(i64::MAX), "token");
        format!("{tokens} not withdrawn any more: the provider was left")
    });
    [secret, moved, given_up]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("; ")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn definition(authentication: &Value, fields: &Value) -> Definition {
        let all = json!({"authentication": authentication, "fields": fields});
        serde_json::from_value(all).unwrap()
    }

    fn oauth2(client: &str, grant: &str, host: &str) -> Definition {
        let authentication = json!({"type": "oauth2", "client_id": client, "grant_type": grant,
            "authorize_url": "https://a.example/a", "access_token_url": format!("https://{host}/t")});
        definition(&authentication, &json!([]))
    }

    fn keys(names: &[&str]) -> Definition {
        let parameters: Vec<Value> = names
            .iter()
            .map(|name| json!({"key": name, "display_name": format!("the {name}")}))
            .collect();
        definition(&json!({"type": "api_key", "parameters": parameters}), &json!([]))
    }

    fn choosing(centres: &[&str]) -> Definition {
        let choices: Vec<Value> = centres.iter().map(|value| json!({"value": value})).collect();
        let authentication = json!({"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
            "access_token_url": "https://accounts.{dc}/t"});
        definition(&authentication, &json!([{"name": "dc", "choices": choices}]))
    }

    fn home(hosts: &[&str]) -> Definition {
        let authentication = json!({"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
            "access_token_url": "{home}/t", "options": {"authorize": {"keep": {"home": "location"}}}});
        let all = json!({"authentication": authentication, "allowed_hosts": hosts});
        serde_json::from_value(all).unwrap()
    }

    fn signing(method: &str, hosts: &[&str]) -> Definition {
        let authentication = json!({"type": "oauth1", "consumer_key": "k", "signature_method": method});
        serde_json::from_value(json!({"authentication": authentication, "allowed_hosts": hosts})).unwrap()
    }

    #[test]
    fn what_goes_on_is_not_lost() {
        let before = oauth2("one", "authorization_code", "a.example");
        assert!(lost(&before, &before).is_empty());
        let mut after = before.clone();
        after.scopes.clear();
        after.fields = definition(
            &json!({"type": "basic"}),
            &json!([{"name": "shop", "optional": true}]),
        )
        .fields;
        assert!(lost(&before, &after).is_empty(), "nobody must fill that in");
        let machine = oauth2("two", "client_credentials", "a.example");
        assert!(lost(&before, &machine).is_empty(), "it asks for tokens itself");
        assert!(lost(&keys(&["a", "b"]), &keys(&["a"])).is_empty());
        let fewer = (choosing(&["zoho.com", "zoho.eu"]), choosing(&["zoho.eu"]));
        assert!(lost(&fewer.0, &fewer.1).is_empty(), "nothing leads anywhere new");
        let signed = (signing("hmac_sha1", &[]), signing("hmac_sha1", &["b.example"]));
        assert!(lost(&signed.0, &signed.1).is_empty(), "a signature is no secret");
    }

    #[test]
    fn every_reason_has_its_sentence() {
        let before = oauth2("one", "authorization_code", "a.example");
        let mut asks = before.clone();
        asks.fields = definition(
            &json!({"type": "basic"}),
            &json!([{"name": "shop", "label": "Your shop"}]),
        )
        .fields;
        let oauth1 = |key: &str| definition(&json!({"type": "oauth1", "consumer_key": key}), &json!([]));
        let machine = oauth2("one", "client_credentials", "a.example");
        for (before, after, words) in [
            (
                &before,
                oauth2("one", "authorization_code", "b.example"),
                "https://b.example",
            ),
            (
                &before,
                oauth2("two", "authorization_code", "a.example"),
                "earlier client ID",
            ),
            (&machine, before.clone(), "Nobody consented"),
            (&before, asks, "Your shop"),
            (&oauth1("one"), oauth1("two"), "earlier consumer key"),
            (&keys(&["a"]), keys(&["a", "b"]), "the b"),
            (
                &choosing(&["zoho.com"]),
                choosing(&["zoho.com", "evil.example"]),
                "evil.example",
            ),
            (
                &home(&["*.zoho.com"]),
                home(&["*.zoho.com", "evil.example"]),
                "evil.example",
            ),
            (
                &signing("hmac_sha1", &["a.example"]),
                signing("plaintext", &["a.example"]),
                "a.example",
            ),
            (
                &signing("plaintext", &["a.example"]),
                signing("plaintext", &["b.example", "a.example"]),
                "b.example",
            ),
        ] {
            let why = lost(before, &after);
            assert!(why.len() == 1 && why[0].contains(words), "{words}: {why:?}");
        }
    }
}
