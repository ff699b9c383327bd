//! `/setup/services/{link_name}/edit`: change a service; its link name and redirect URL stay.

use domain::{link_name::LinkName, when};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    discovery::Discovery,
    form::{Around, Purpose, fields},
    impact::{EditImpact, warning},
};
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
    /// First `domain::form::service::fields`; an empty secret keeps the stored one.
    pub form: Form,
    /// The service's name.
    pub name: String,
    /// Its link name.
    pub link_name: LinkName,
    /// Its redirect URL.
    pub redirect_url: String,
    /// Who last set the secret.
    pub secret_set: Option<Stamp>,
    /// Which secret is stored: `domain::form::service::secret_field` of the stored definition.
    pub secret_field: Option<&'static str>,
    /// What came of the button `intent` = `discover`.
    pub discovery: Option<Discovery>,
    /// What saving would do to connections in use, where it must be confirmed first.
    pub impact: Option<EditImpact>,
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
    let around = Around {
        purpose: Purpose::Edit {
            link_name: page.link_name.clone(),
            secret,
            secret_field: page.secret_field.filter(|_| page.secret_set.is_some()),
            confirm: page.impact.as_ref().map(EditImpact::verb),
        },
        redirect_url: page.redirect_url,
        discovery: page.discovery,
    };
    let title = format!("Edit {}", page.name);
    let target = Target::here().class("form card medium service-form");
    view! {
        {trail(vec![step("Services", "/setup/services"), step(page.link_name.as_str(), detail), here("Edit")])}
        {head(title, None, None)}
        {page.impact.as_ref().map(warning)}
        {form(&page.form, target, |kit| {
            view! {
                <input type="hidden" name="version" value=kit.form().fields.get("version").to_owned() />
                {fields(kit, &around)}
            }
            .into_any()
        })}
    }
    .into_any()
}
