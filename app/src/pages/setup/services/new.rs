//! `/setup/services/new`: define a service, from nothing or from what is known about a default one.

use leptos::prelude::*;

use super::{
    catalogue::{self, CatalogueEntry},
    discovery::Discovery,
    form::{Around, Purpose, fields},
};
use crate::{
    components::{
        form::{Target, form},
        head::{head, here, step, trail},
    },
    page::Form,
};

/// What the page shows.
pub struct NewServicePage {
    /// Fields of `domain::form::service`, and `redirect_id`; the secrets are `domain::form::service::SECRETS`.
    pub form: Form,
    /// What to register at the provider; the URL of the service that this form will create.
    pub redirect_url: String,
    /// Proof that this server proposed that URL to this person; comes back in the hidden field `redirect_id`.
    pub redirect_id: String,
    /// What came of the button `intent` = `discover`.
    pub discovery: Option<Discovery>,
    /// The default service that the fields come from (`?from=`): then only a client is asked for. None with `&edit=all`.
    pub entry: Option<CatalogueEntry>,
}

/// Draws the page.
#[must_use]
pub fn view(page: NewServicePage) -> AnyView {
    let around = Around {
        purpose: Purpose::Create {
            redirect_id: page.redirect_id,
        },
        redirect_url: page.redirect_url,
        discovery: page.discovery,
    };
    // What is wrong must be seen, and may stand where a default service asks nothing.
    let entry = page.entry.filter(|_| !catalogue::needs_all(&page.form.errors));
    let target = Target::here().class("form card medium service-form");
    match entry {
        None => view! {
            {trail(vec![step("Services", "/setup/services"), here("New")])}
            {head("Create service", None, None)}
            {form(&page.form, target, |kit| fields(kit, &around))}
        }
        .into_any(),
        Some(entry) => {
            let title = view! {
                {entry.mark.view()}
                {format!("Set up {}", entry.name)}
            };
            let target = target.class("form card medium");
            view! {
                {trail(
                    vec![
                        step("Connections", "/setup/connections"),
                        step("New", "/setup/connections/new"),
                        here(&entry.name),
                    ],
                )}
                {head(title, None, None)}
                {form(&page.form, target, |kit| catalogue::fields(kit, &around, &entry))}
            }
            .into_any()
        }
    }
}
