//! The definition form: what a provider usually needs is open, the rest is under *Advanced*.
//!
//! Fields of authentication types that are not chosen are there, too, hidden by the style sheet alone: so the form works
//! without scripts, and the server ignores what does not belong to the chosen type.

use domain::link_name::LinkName;
use leptos::prelude::*;

use super::{advanced, authentication, calls, connection_fields, discovery::Discovery, scopes};
use crate::{
    components::{field::Field, form::Kit, frame::error_line},
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
        /// The field of the secret that is stored: left empty, it is kept.
        secret_field: Option<&'static str>,
        /// The words of the button that saves although connections must reconnect.
        confirm: Option<String>,
    },
}

/// What stands around the fields.
pub struct Around {
    /// What the form is for.
    pub purpose: Purpose,
    /// What is registered at the provider.
    pub redirect_url: String,
    /// What was found at the provider, after somebody asked.
    pub discovery: Option<Discovery>,
}

/// Everything in the form.
#[must_use]
pub fn fields(kit: &Kit<'_>, around: &Around) -> AnyView {
    view! {
        {default_button()}
        {names(kit, &around.purpose)}
        {authentication::group(kit, around)}
        {scopes::group(kit)}
        {calls::group(kit)}
        {connection_fields::group(kit)}
        {advanced::group(kit)}
        {foot(&around.purpose)}
    }
    .into_any()
}

/// What Enter in a field presses: the first button of a form, which would be the one that asks the provider.
#[must_use]
pub fn default_button() -> AnyView {
    view! { <button type="submit" hidden tabindex="-1"></button> }.into_any()
}

fn foot(purpose: &Purpose) -> AnyView {
    let (verb, back, confirm, asked) = match purpose {
        Purpose::Create { .. } => ("Create service", "/setup/services".to_owned(), None, false),
        Purpose::Edit {
            link_name, confirm, ..
        } => {
            let asked = confirm.is_some();
            let words = confirm
                .clone()
                .unwrap_or_else(|| "Save and let connections reconnect".into());
            let button = view! {
                <button type="submit" name="confirm" value="yes" class="button danger" hidden=!asked>
                    {words}
                </button>
            };
            (
                "Save changes",
                format!("/setup/services/{link_name}"),
                Some(button),
                asked,
            )
        }
    };
    view! {
        <div class="group foot">
            <a class="button quiet" href=back>
                "Cancel"
            </a>
            {confirm}
            <button type="submit" class="button main" data-first="" hidden=asked>
                {verb}
            </button>
        </div>
    }
    .into_any()
}

/// Name and link name.
#[must_use]
pub fn names(kit: &Kit<'_>, purpose: &Purpose) -> AnyView {
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
