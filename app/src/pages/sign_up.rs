//! `/sign-up`: creates an organization with its owner.

use leptos::prelude::*;

use crate::{
    components::{
        field::Field,
        form::{Kit, Target, form},
        secret::Secret,
    },
    islands::check::Kind,
    page::Form,
};

/// What the page shows.
pub struct SignUpPage {
    /// Fields of `domain::form::account::sign_up`; secret `password`.
    pub form: Form,
}

/// Draws the page.
#[must_use]
pub fn view(page: SignUpPage) -> AnyView {
    view! {
        <h1>"Create organization"</h1>
        <p class="lead">"Connections, services and keys belong to it. You become its owner."</p>
        {form(&page.form, Target::here().class("form narrow"), fields)}
        <p class="beside">"Already a member? " <a href="/sign-in">"Sign in"</a></p>
    }
    .into_any()
}

fn fields(kit: &Kit<'_>) -> AnyView {
    let organization = Field::new("organization_name", "Organization name")
        .check(Kind::Name)
        .complete("organization");
    let person = Field::new("name", "Your name").check(Kind::Name).complete("name");
    let password = Secret::new("password", "Password")
        .help("At least 12 characters. A few random words are easy to remember.")
        .complete("new-password")
        .check(Kind::Password);
    view! {
        {organization.view(kit)}
        {person.view(kit)}
        {Field::email("email", "Email").view(kit)}
        {password.view(kit)}
        <button type="submit" class="button main full">
            "Create organization"
        </button>
    }
    .into_any()
}
