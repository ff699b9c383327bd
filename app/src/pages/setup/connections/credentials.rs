//! `/setup/connections/{link_name}/credentials`: type in a credential again, or bring tokens from elsewhere.

use domain::{link_name::LinkName, service::Asked};
use leptos::prelude::*;

use super::{asked, create::ServiceName};
use crate::{
    components::{
        Icon,
        field::Field,
        form::{Kit, Target, form},
        frame::Need,
        head::{head, here, step, trail},
        icon,
        monogram::monogram,
        secret::Secret,
    },
    page::Form,
};

/// What the page shows.
pub struct CredentialsPage {
    /// Posted to the page's own address. Secrets: `value_<name>`, or `access_token` and `refresh_token`; beside them
    /// `expires_in` and `user`.
    pub form: Form,
    /// The connection's name.
    pub name: String,
    /// Its link name.
    pub link_name: LinkName,
    /// What it connects to.
    pub service: ServiceName,
    /// What is typed in.
    pub wanted: Wanted,
    /// Whose credential it is, where it is one person's: it comes back in the hidden field `user`.
    pub user: Option<CredentialUser>,
    /// Whether the connection has a credential that this one replaces.
    pub replaces: bool,
}

/// What is typed in.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// The values of a typed credential: `Definition::asked`.
    Values(Vec<Asked>),
    /// Tokens of OAuth 2.0 that another system got.
    Tokens,
}

/// The person that a credential belongs to.
#[derive(Debug, Clone)]
pub struct CredentialUser {
    /// What stands in the field `user`.
    pub user: String,
    /// What people read.
    pub name: String,
}

/// Draws the page.
#[must_use]
pub fn view(page: CredentialsPage) -> AnyView {
    let detail = format!("/setup/connections/{}", page.link_name);
    let heading = match page.wanted {
        Wanted::Values(_) => "Enter credentials",
        Wanted::Tokens => "Import tokens",
    };
    let title = view! {
        {monogram(&page.service.name)}
        {heading}
    };
    let whose = match &page.user {
        Some(user) => format!("for {}, used for {}", page.name, user.name),
        None => format!("for {}", page.name),
    };
    let beside = view! { <p class="soft">{whose}</p> };
    view! {
        {trail(
            vec![
                step("Connections", "/setup/connections"),
                step(page.link_name.as_str(), detail.clone()),
                here("Credentials"),
            ],
        )}
        {head(title, Some(beside.into_any()), None)}
        {form(&page.form, Target::here().class("form card medium"), |kit| fields(kit, &page, detail))}
    }
    .into_any()
}

fn fields(kit: &Kit<'_>, page: &CredentialsPage, back: String) -> AnyView {
    let user = page
        .user
        .as_ref()
        .map(|user| view! { <input type="hidden" name="user" value=user.user.clone() /> });
    let (content, verb) = match &page.wanted {
        Wanted::Values(asked) => (asked::values(kit, asked), "Save credentials"),
        Wanted::Tokens => (tokens(kit, &page.service.name), "Import tokens"),
    };
    let words = if page.replaces {
        "Stored sealed. It takes the place of what is stored now, at once."
    } else {
        "Stored sealed. It travels to the service's allowed hosts alone."
    };
    view! {
        {user}
        {content}
        <div class="group foot">
            <p class="soft foot-words">
                {icon(Icon::Lock)}
                {words}
            </p>
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

fn tokens(kit: &Kit<'_>, service: &str) -> AnyView {
    let words = format!(
        "Tokens that another system got from {service} with the same client. From then on they are renewed here; let the other system stop, or the two end each other's tokens."
    );
    let end = Field::new("expires_in", "Expires in seconds")
        .optional()
        .number()
        .placeholder("3600")
        .help("How long the access token still lives; empty where nobody knows.");
    view! {
        <div class="group">
            <p class="soft">{words}</p>
            <div class="grid">
                {Secret::new("access_token", "Access token").view(kit)}
                {Secret::new("refresh_token", "Refresh token")
                    .need(Need::Never)
                    .help("Without one the connection ends with its access token. Stored sealed.")
                    .view(kit)}
                {end.view(kit)}
            </div>
        </div>
    }
    .into_any()
}
