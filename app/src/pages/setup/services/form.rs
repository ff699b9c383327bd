//! The definition form: what a provider usually needs is open, the rest is under *Advanced*.

use domain::{link_name::LinkName, service::oauth2};
use leptos::prelude::*;

use super::{advanced, scopes};
use crate::{
    components::{
        choice::{Secret, select},
        copy::copy_box,
        field::{Field, error_line},
        form::Kit,
    },
    islands::check::Kind,
};

/// What the form is for.
pub enum Purpose {
    /// A new service.
    Create {
        /// For the hidden field of that name.
        redirect_id: String,
    },
    /// One that exists.
    Edit {
        /// Sent along unchanged.
        link_name: LinkName,
        /// What is known of the stored secret.
        secret: String,
        /// Whether an empty field keeps one.
        secret_is_set: bool,
    },
}

/// Everything in the form.
#[must_use]
pub fn fields(kit: &Kit<'_>, purpose: &Purpose, redirect_url: String) -> AnyView {
    let (verb, back) = match purpose {
        Purpose::Create { .. } => ("Create service", "/setup/services".to_owned()),
        Purpose::Edit { link_name, .. } => ("Save changes", format!("/setup/services/{link_name}")),
    };
    view! {
        {names(kit, purpose)}
        {authentication(kit, purpose, redirect_url)}
        {scopes::group(kit)}
        {calls(kit)}
        {advanced::group(kit)}
        <div class="group foot">
            <a class="button quiet" href=back>
                "Cancel"
            </a>
            <button type="submit" class="button main">
                {verb}
            </button>
        </div>
    }
    .into_any()
}

fn names(kit: &Kit<'_>, purpose: &Purpose) -> AnyView {
    // Drawn in the order of the page: the first that is wrong has the focus.
    let name = Field::new("name", "Service name")
        .check(Kind::Name)
        .help("How people find it.")
        .view(kit);
    let link_name = match purpose {
        Purpose::Create { redirect_id } => {
            let field = Field::new("link_name", "Service link name")
                .check(Kind::LinkName)
                .proposed_from("name")
                .help("For programs: letters a to z, digits and _. It cannot be changed later.");
            view! {
                {field.view(kit)}
                <input type="hidden" name="redirect_id" value=redirect_id.clone() />
            }
            .into_any()
        }
        Purpose::Edit { link_name, .. } => view! {
            <div class="field">
                <div class="label">
                    <span>"Service link name"</span>
                </div>
                <p class="fixed" id="f-link_name">
                    <code>{link_name.to_string()}</code>
                </p>
                <input type="hidden" name="link_name" value=link_name.to_string() />
                {error_line("link_name", kit.error("link_name", "Service link name"))}
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="group grid">
            {name}
            {link_name}
        </div>
    }
    .into_any()
}

fn authentication(kit: &Kit<'_>, purpose: &Purpose, redirect_url: String) -> AnyView {
    let grants = oauth2::GrantType::ALL
        .iter()
        .map(|g| (g.word(), g.label()))
        .collect();
    let places = oauth2::ParamType::ALL
        .iter()
        .map(|p| (p.word(), p.label()))
        .collect();
    let type_choice = vec![("oauth2", "OAuth 2.0")];
    view! {
        <div class="group">
            <h2>"Authentication"</h2>
            <p class="soft">"How the provider lets programs in. Its developer page tells."</p>
            <div class="grid">
                {select(kit, "authentication_type", "Authentication type", type_choice, None)}
                {select(kit, "grant_type", "Grant type", grants, Some("A person consents in the browser."))}
                <div class="field wide">
                    <div class="label" id="redirect-url-label">
                        "Redirect URL"
                    </div>
                    {copy_box("redirect-url", redirect_url, "redirect URL")}
                    <p class="help">"Register this at the provider first. It belongs to this service alone."</p>
                </div>
                {Field::new("client_id", "Client ID").view(kit)}
                {secret(purpose).view(kit)}
                {endpoints(kit)}
                {select(kit, "param_type", "Param type", places, Some("Where the token travels on calls."))}
            </div>
        </div>
    }
    .into_any()
}

fn secret(purpose: &Purpose) -> Secret {
    let (help, kept) = match purpose {
        Purpose::Create { .. } => ("Stored sealed, never shown again.".to_owned(), false),
        Purpose::Edit {
            secret,
            secret_is_set,
            ..
        } => (secret.clone(), *secret_is_set),
    };
    Secret {
        name: domain::form::service::SECRET,
        label: "Client secret",
        help,
        complete: "off",
        check: None,
        optional: kept,
    }
}

fn endpoints(kit: &Kit<'_>) -> AnyView {
    let authorize = Field::url("authorize_url", "Authorize URL")
        .wide()
        .placeholder("https://provider.example/oauth/authorize")
        .help("Where a person consents. May carry extra parameters, such as ?access_type=offline.");
    let token = Field::url("access_token_url", "Access token URL")
        .placeholder("https://provider.example/oauth/token");
    let refresh = Field::url("refresh_token_url", "Refresh token URL")
        .optional()
        .help("The access token URL where this is empty.");
    let revoke = Field::url("revoke_token_url", "Revoke token URL").optional();
    view! {
        {authorize.view(kit)}
        {token.view(kit)}
        {refresh.view(kit)}
        {revoke.view(kit)}
    }
    .into_any()
}

fn calls(kit: &Kit<'_>) -> AnyView {
    let base = Field::url("api_base_url", "API base URL")
        .optional()
        .help("What the paths of calls are appended to.");
    let hosts = Field::new("allowed_hosts", "Allowed hosts")
        .check(Kind::Hosts)
        .optional()
        .help("The credential travels to these and nowhere else. The base URL's host where this is empty.");
    let path = Field::new("sample_path", "Sample request")
        .check(Kind::Path)
        .optional()
        .placeholder("/users/me")
        .help("What the snippet calls.");
    let methods = vec![("GET", "GET"), ("POST", "POST")];
    view! {
        <div class="group">
            <h2>"Calls"</h2>
            <p class="soft">"What functions do with the credential."</p>
            <div class="grid">
                {base.view(kit)} {hosts.view(kit)}
                {select(kit, "sample_method", "Sample method", methods, None)} {path.view(kit)}
            </div>
        </div>
    }
    .into_any()
}
