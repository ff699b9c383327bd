//! *Fill in from the provider's discovery document*: the form again, with what was found in the fields that are empty.

use app::{NoticeKind, pages::setup::services::discovery::Discovery};
use domain::{form::Fields, url::ProviderUrl};
use engine::discovery::Discovered;

use crate::state::App;

/// Whether the button was pressed.
pub(super) fn is_wanted(fields: &Fields) -> bool {
    fields.get("intent") == "discover"
}

/// The fields with what was found, and what to say about it.
pub(super) async fn filled(app: &App, mut fields: Fields) -> (Fields, Discovery) {
    fields.take("intent");
    let failed = |words: String| Discovery {
        kind: NoticeKind::Bad,
        words,
        filled: Vec::new(),
    };
    let url: ProviderUrl = match fields.get("discovery_url").parse() {
        Ok(url) => url,
        Err(error) => return (fields, failed(error.to_string())),
    };
    match app.engine.discover(&url).await {
        Ok(found) => {
            let (fields, filled) = with(fields, &found);
            let words = format!(
                "{} describes itself. Compare the fields below with its developer page.",
                found.issuer
            );
            let kind = NoticeKind::Good;
            (fields, Discovery { kind, words, filled })
        }
        Err(error) => (fields, failed(error.to_string())),
    }
}

/// Fills in what is empty; what somebody typed stays.
fn with(mut fields: Fields, found: &Discovered) -> (Fields, Vec<String>) {
    let mut filled = Vec::new();
    let url = |url: &Option<ProviderUrl>| url.as_ref().map(|url| url.as_str().to_owned());
    let issuer = found.names_issuer.then(|| found.issuer.clone());
    for (name, label, value) in [
        (
            "authorize_url",
            "Authorize URL",
            Some(found.authorize_url.as_str().to_owned()),
        ),
        (
            "access_token_url",
            "Access token URL",
            Some(found.access_token_url.as_str().to_owned()),
        ),
        (
            "revoke_token_url",
            "Revoke token URL",
            url(&found.revoke_token_url),
        ),
        ("identity_url", "Identity URL", url(&found.identity_url)),
        (
            "introspection_url",
            "Introspection URL",
            url(&found.introspection_url),
        ),
        ("issuer", "Issuer", issuer),
    ] {
        if let (true, Some(value)) = (fields.get(name).trim().is_empty(), value) {
            fields.take(name);
            fields = fields.with(name, value);
            filled.push(label.to_owned());
        }
    }
    if let Some(way) = found.client_authentication {
        fields.take("client_authentication");
        fields = fields.with("client_authentication", way.word());
        filled.push("Client authentication".into());
    }
    if let Some(pkce) = found.pkce {
        fields.take("pkce");
        fields = fields.with("pkce", if pkce { "on" } else { "off" });
        filled.push("PKCE".into());
    }
    let none = fields.all("scope_name").all(|name| name.trim().is_empty());
    if none && !found.scopes.is_empty() {
        fields.take("scope_name");
        fields.take("scope_display_name");
        for scope in &found.scopes {
            fields = fields
                .with("scope_name", scope.as_str())
                .with("scope_display_name", "");
        }
        filled.push("Scopes".into());
    }
    (fields, filled)
}
