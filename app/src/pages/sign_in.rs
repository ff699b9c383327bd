//! `/sign-in`

use leptos::prelude::*;

use crate::{
    components::{
        field::Field,
        form::{Target, form},
        secret::Secret,
    },
    page::Form,
};

/// What the page shows.
pub struct SignInPage {
    /// Field `email`; secret `password`.
    pub form: Form,
    /// Whether anybody may create an organization.
    pub sign_up_open: bool,
}

/// Draws the page.
#[must_use]
pub fn view(page: SignInPage) -> AnyView {
    let fields = form(&page.form, Target::here().class("form narrow"), |kit| {
        view! {
            {Field::email("email", "Email").view(kit)}
            {password().view(kit)}
            <button type="submit" class="button main full">
                "Sign in"
            </button>
        }
        .into_any()
    });
    view! {
        <h1>"Sign in"</h1>
        {fields}
        {page
            .sign_up_open
            .then(|| view! { <p class="beside">"New here? " <a href="/sign-up">"Create an organization"</a></p> })}
    }
    .into_any()
}

fn password() -> Secret {
    Secret::new("password", "Password")
        .help("")
        .complete("current-password")
}
