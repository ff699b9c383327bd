//! How a service lets programs in: its type, and the fields of each.

use domain::service::{
    AuthenticationType,
    oauth1::SignatureMethod,
    oauth2::{GrantType, ParamType},
};
use leptos::prelude::*;

use super::{
    discovery,
    form::{Around, Purpose},
    values,
};
use crate::{
    components::{
        choice::Select,
        copy::copy_box,
        field::Field,
        form::Kit,
        frame::Need,
        secret::{SEALED, Secret},
        ticks::{Radio, radios},
    },
    islands::check::Kind,
};

/// The types that a person consents to.
const OAUTH: &str = "oauth2 oauth1";

/// What a private key looks like.
const PEM: &str = "-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----";

/// The group of the form.
#[must_use]
pub fn group(kit: &Kit<'_>, around: &Around) -> AnyView {
    view! {
        <div class="group">
            <h2>"Authentication"</h2>
            <p class="soft">"How the provider lets programs in. Its developer page tells."</p>
            {kinds(kit)}
            <div class="grid" data-for=OAUTH>
                {redirect(around.redirect_url.clone())}
                {grant(kit)}
                {client_name(AuthenticationType::OAuth2).view(kit)}
                {client_secret(&around.purpose, AuthenticationType::OAuth2).view(kit)}
                {client_name(AuthenticationType::OAuth1).view(kit)}
                {client_secret(&around.purpose, AuthenticationType::OAuth1).view(kit)}
                {private_key(&around.purpose).view(kit)}
                {discovery::details(kit, around.discovery.as_ref())}
                {endpoints(kit)}
            </div>
            {values::api_key(kit)}
            {values::basic(kit)}
        </div>
    }
    .into_any()
}

/// The choice of the type.
fn kinds(kit: &Kit<'_>) -> AnyView {
    let choices = AuthenticationType::ALL.iter().map(|kind| Radio {
        value: kind.word(),
        label: kind.label(),
        help: None,
    });
    radios(
        kit,
        "authentication_type",
        "Authentication type",
        "segments",
        choices.collect(),
    )
}

/// The redirect URL, to be copied.
#[must_use]
pub fn redirect(url: String) -> AnyView {
    view! {
        <div class="field wide" data-consent="">
            <div class="label" id="redirect-url-label">
                "Redirect URL"
            </div>
            {copy_box("redirect-url", url, "redirect URL")}
            <p class="help">"Register this at the provider first. It belongs to this service alone."</p>
        </div>
    }
    .into_any()
}

fn grant(kit: &Kit<'_>) -> AnyView {
    let grants = GrantType::ALL.iter().map(|grant| (grant.word(), grant.label()));
    let places = ParamType::ALL.iter().map(|place| (place.word(), place.label()));
    let methods = SignatureMethod::ALL
        .iter()
        .map(|method| (method.word(), method.label()));
    view! {
        {Select::new("grant_type", "Grant type", grants)
            .help("With a code a person consents in the browser; the others need nobody.")
            .only("oauth2")
            .view(kit)}
        {Select::new("signature_method", "Signature method", methods)
            .help("How requests are signed. RSA-SHA1 needs a private key.")
            .only("oauth1")
            .view(kit)}
        {Select::new("param_type", "Param type", places)
            .help("Where the token, or the signature, travels on calls.")
            .view(kit)}
    }
    .into_any()
}

/// The public name of a client, or of a consumer.
#[must_use]
pub fn client_name(kind: AuthenticationType) -> Field {
    let field = match kind {
        AuthenticationType::OAuth1 => Field::new("consumer_key", "Consumer key").only("oauth1"),
        _ => Field::new("client_id", "Client ID").only("oauth2"),
    };
    field.depends().machine()
}

/// Its secret.
#[must_use]
pub fn client_secret(purpose: &Purpose, kind: AuthenticationType) -> Secret {
    match kind {
        AuthenticationType::OAuth1 => secret(purpose, "consumer_secret", "Consumer secret").only("oauth1"),
        _ => secret(purpose, "client_secret", "Client secret").only("oauth2"),
    }
}

/// The private key, shown where something that is chosen needs one.
#[must_use]
pub fn private_key(purpose: &Purpose) -> Secret {
    secret(purpose, "private_key", "Private key")
        .lines(PEM)
        .only(OAUTH)
}

/// A secret; empty, it keeps the one that is stored under its name.
fn secret(purpose: &Purpose, name: &'static str, label: &'static str) -> Secret {
    let secret = Secret::new(name, label);
    match purpose {
        Purpose::Edit {
            secret: known,
            secret_field: Some(field),
            ..
        } if *field == name => secret.help(known.clone()).need(Need::Never),
        _ if name == "private_key" => secret
            .help(format!("The whole key in PEM, without a password. {SEALED}"))
            .need(Need::Depends),
        _ => secret.need(Need::Depends),
    }
}

fn endpoints(kit: &Kit<'_>) -> AnyView {
    let request = Field::url("request_token_url", "Request token URL")
        .depends()
        .wide()
        .only("oauth1")
        .placeholder("https://provider.example/oauth/request_token")
        .help("All three URLs, or none where tokens are typed in for each connection.");
    let authorize = Field::url("authorize_url", "Authorize URL")
        .check(Kind::AuthorizeUrl)
        .depends()
        .wide()
        .placeholder("https://provider.example/oauth/authorize")
        .help("Where a person consents. May carry extra parameters, such as ?access_type=offline.");
    let token = Field::url("access_token_url", "Access token URL")
        .depends()
        .placeholder("https://provider.example/oauth/token")
        .help("Where a consent becomes a token.");
    let refresh = Field::url("refresh_token_url", "Refresh token URL")
        .optional()
        .only("oauth2")
        .placeholder("same as the access token URL");
    let revoke = Field::url("revoke_token_url", "Revoke token URL")
        .optional()
        .only("oauth2")
        .placeholder("https://provider.example/oauth/revoke")
        .help("Where a grant is withdrawn when a connection is revoked.");
    view! {
        {request.view(kit)}
        {authorize.view(kit)}
        {token.view(kit)}
        {refresh.view(kit)}
        {revoke.view(kit)}
    }
    .into_any()
}
