//! `/setup/services/{link_name}/edit`: change a service; its link name and redirect URL stay.

use domain::{link_name::LinkName, when};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::form::{Purpose, fields};
use crate::{
    components::{
        form::{Target, form},
        head::{head, here, step, trail},
        moment::Stamp,
    },
    page::Form,
};

/// What the page shows.
pub struct EditServicePage {
    /// The server's clock.
    pub now: OffsetDateTime,
    /// First `domain::form::service::fields`; an empty `client_secret` keeps the stored one.
    pub form: Form,
    /// The service's name.
    pub name: String,
    /// Its link name.
    pub link_name: LinkName,
    /// Its redirect URL.
    pub redirect_url: String,
    /// Who last set the client secret.
    pub secret_set: Option<Stamp>,
}

/// Draws the page.
#[must_use]
pub fn view(page: EditServicePage) -> AnyView {
    let detail = format!("/setup/services/{}", page.link_name);
    let secret = match &page.secret_set {
        Some(set) => format!(
            "Set on {} by {} · leave empty to keep",
            when::date(set.at, page.now),
            set.by
        ),
        None => "Not set yet. Stored sealed, never shown again.".into(),
    };
    let purpose = Purpose::Edit {
        link_name: page.link_name.clone(),
        secret,
        secret_is_set: page.secret_set.is_some(),
    };
    let title = format!("Edit {}", page.name);
    view! {
        {trail(vec![step("Services", "/setup/services"), step(page.link_name.as_str(), detail), here("Edit")])}
        {head(title, None, None)}
        {form(
            &page.form,
            Target::here().class("form card medium"),
            |kit| fields(kit, &purpose, page.redirect_url),
        )}
    }
    .into_any()
}
