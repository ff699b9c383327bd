//! `/setup/services/new`: define a service.

use leptos::prelude::*;

use super::form::{Purpose, fields};
use crate::{
    components::{
        form::{Target, form},
        head::{head, here, step, trail},
    },
    page::Form,
};

/// What the page shows.
pub struct NewServicePage {
    /// Fields of `domain::form::service`, and `redirect_id`; secret `client_secret`.
    pub form: Form,
    /// What to register at the provider; the URL of the service that this form will create.
    pub redirect_url: String,
    /// Proof that this server proposed that URL to this person; comes back in the hidden field `redirect_id`.
    pub redirect_id: String,
}

/// Draws the page.
#[must_use]
pub fn view(page: NewServicePage) -> AnyView {
    let purpose = Purpose::Create {
        redirect_id: page.redirect_id,
    };
    view! {
        {trail(vec![step("Services", "/setup/services"), here("New")])}
        {head("Create service", None, None)}
        {form(
            &page.form,
            Target::here().class("form card medium"),
            |kit| fields(kit, &purpose, page.redirect_url),
        )}
    }
    .into_any()
}
