//! *Advanced*: what providers need that differ from the standard, grouped by what it changes.

use domain::service::oauth2::{ClientAuthentication, Rotation};
use leptos::prelude::*;

use crate::components::{choice::select, field::Field, form::Kit};

/// The fields in here: a closed group must not hide an error.
const FIELDS: [&str; 7] = [
    "pkce",
    "issuer",
    "client_authentication",
    "rotation",
    "refresh_kills_old_access",
    "identity_url",
    "identity_field",
];

/// The group, closed unless something in it is wrong.
#[must_use]
pub fn group(kit: &Kit<'_>) -> AnyView {
    let wrong = FIELDS.iter().any(|field| kit.form().errors.of(field).is_some());
    let ways = ClientAuthentication::ALL
        .iter()
        .map(|way| (way.word(), way.label()))
        .collect();
    let issuer = Field::url("issuer", "Issuer")
        .optional()
        .help("Where set, an answer that does not name it is refused (RFC 9207).");
    let proof = vec![("on", "On"), ("off", "Off")];
    view! {
        <details class="group advanced" open=wrong>
            <summary>"Advanced: " <span class="soft">"authorize request, token request, answer, account"</span></summary>
            <h3>"Authorize request"</h3>
            <div class="grid">
                {select(
                    kit,
                    "pkce",
                    "PKCE",
                    proof,
                    Some("Off only for providers that refuse unknown parameters."),
                )}
                {issuer.view(kit)}
            </div>
            <h3>"Token request"</h3>
            <div class="grid">
                {select(
                    kit,
                    "client_authentication",
                    "Client authentication",
                    ways,
                    Some("How client ID and secret are sent."),
                )}
            </div>
            {answer(kit)}
            {account(kit)}
        </details>
    }
    .into_any()
}

fn answer(kit: &Kit<'_>) -> AnyView {
    let rotations = Rotation::ALL
        .iter()
        .map(|rotation| (rotation.word(), rotation.label()))
        .collect();
    let kills = kit.form().fields.has("refresh_kills_old_access");
    view! {
        <h3>"Answer"</h3>
        <div class="grid">
            {select(
                kit,
                "rotation",
                "Refresh token",
                rotations,
                Some("What using it does to it. Decides what is safe when an answer is lost."),
            )}
            <div class="field">
                <label class="tick">
                    <input type="checkbox" name="refresh_kills_old_access" value="on" checked=kills />
                    <span>"A refresh ends the old access token at once"</span>
                </label>
                <p class="help">"Callers then wait for the new one."</p>
            </div>
        </div>
    }
    .into_any()
}

fn account(kit: &Kit<'_>) -> AnyView {
    let url = Field::url("identity_url", "Identity URL")
        .optional()
        .help("A GET that tells whose account was connected.");
    let field = Field::new("identity_field", "Account field")
        .optional()
        .placeholder("email")
        .help("The member of its answer that names the account, such as email or user.name.");
    view! {
        <h3>"Account"</h3>
        <div class="grid">{url.view(kit)} {field.view(kit)}</div>
    }
    .into_any()
}
