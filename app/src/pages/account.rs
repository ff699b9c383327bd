//! `/account`: who is signed in, and the way out.

use domain::organization::Role;
use leptos::prelude::*;

use crate::components::{confirm::button, head::head, shell::role_word};

/// What the page shows.
pub struct AccountPage {
    /// The person's name.
    pub name: String,
    /// The address that they sign in with.
    pub email: String,
    /// The organization they are signed in to.
    pub organization: String,
    /// Their role in it.
    pub role: Role,
}

/// Draws the page.
#[must_use]
pub fn view(page: AccountPage) -> AnyView {
    let may = match page.role {
        Role::Owner | Role::Admin => "defines services, connects them, makes function keys",
        Role::Developer => "sees connections, their status and snippets",
    };
    view! {
        {head("Account", None, None)}
        <section class="card slim">
            <dl class="facts wide">
                <dt>"Name"</dt>
                <dd>{page.name}</dd>
                <dt>"Email"</dt>
                <dd>{page.email}</dd>
                <dt>"Organization"</dt>
                <dd>{page.organization}</dd>
                <dt>"Role"</dt>
                <dd>{role_word(page.role)} <small class="soft">{format!(" {may}")}</small></dd>
            </dl>
            <div class="card-foot">{button("/sign-out".into(), "Sign out", "button")}</div>
        </section>
    }
    .into_any()
}
