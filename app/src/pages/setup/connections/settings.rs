//! A connection's settings: its name, scopes and rules, and the ways to stop it, each with what it breaks. What brings it back
//! stands at the top of the page.

use domain::{
    call::PathPattern,
    connection::Status,
    form::Fields,
    service::{AuthenticationType, Obtained},
    when::count,
};
use leptos::prelude::*;

use super::detail::ConnectionPage;
use crate::{
    components::{
        confirm::{button, confirm},
        field::Field,
        form::{Kit, Target, form},
        rules::rules,
    },
    islands::check::Kind,
    page::Form,
};

/// The card at the end of the page.
#[must_use]
pub fn card(page: &ConnectionPage) -> AnyView {
    let status = page.condition.status(page.now);
    view! {
        <section class="card settings" aria-labelledby="settings">
            <header>
                <h2 id="settings">"Settings"</h2>
            </header>
            {edit(page)}
            {(!matches!(status, Status::Disabled | Status::Revoked)).then(|| disable(page))}
            {page.condition.credential.as_ref().filter(|_| status != Status::Revoked).map(|_| revoke(page))}
            {delete(page)}
        </section>
    }
    .into_any()
}

/// The form of what can be changed.
fn edit(page: &ConnectionPage) -> AnyView {
    let proposal = Form::proposing(fields(page));
    let model = if page.settings.was_refused() {
        &page.settings
    } else {
        &proposal
    };
    let target = Target::to(format!("{}/settings", page.path())).class("form edit");
    form(model, target, |kit: &Kit<'_>| {
        view! {
            <input type="hidden" name="version" value=model.fields.get("version").to_owned() />
            {Field::new("name", "Connection name").check(Kind::Name).view(kit)}
            {scopes(kit, page)}
            {rules(kit, "The connection permits")}
            <div>
                <button type="submit" class="button">
                    "Save"
                </button>
            </div>
        }
        .into_any()
    })
}

/// The connection as the form proposes it.
fn fields(page: &ConnectionPage) -> Fields {
    let paths: Vec<&str> = page.rules.paths.iter().map(PathPattern::as_str).collect();
    let start = Fields::default()
        .with("name", page.name.clone())
        .with("version", page.version.to_string())
        .with("paths", paths.join("\n"));
    let methods = page.rules.methods.iter().map(|method| ("methods", method.word()));
    let scopes = page.asked.iter().map(|scope| ("scope", scope.name.as_str()));
    methods
        .chain(scopes)
        .fold(start, |fields, (name, value)| fields.with(name, value))
}

fn scopes(kit: &Kit<'_>, page: &ConnectionPage) -> Option<AnyView> {
    let help = "What the next consent asks for. Reconnect after a change.";
    let ticked = |name: &str| kit.form().fields.all("scope").any(|ticked| ticked == name);
    let second = page.second_scope_parameter.as_deref();
    let asks = matches!(page.kind, AuthenticationType::OAuth2 | AuthenticationType::OAuth1);
    (asks && !page.offered.is_empty())
        .then(|| super::create::scopes(kit, &page.offered, second, help, ticked))
}

fn setting(title: &'static str, words: String, action: AnyView) -> AnyView {
    view! {
        <div class="setting">
            <div>
                <h3>{title}</h3>
                <p class="soft">{words}</p>
            </div>
            {action}
        </div>
    }
    .into_any()
}

fn disable(page: &ConnectionPage) -> AnyView {
    let words = format!(
        "Functions get no credential until it is enabled again. {}",
        in_use(page)
    );
    setting(
        "Disable",
        words,
        button(format!("{}/disable", page.path()), "Disable", "button"),
    )
}

fn revoke(page: &ConnectionPage) -> AnyView {
    let upstream = if page.obtained == Obtained::Typed {
        format!(
            "What was typed in is erased here. Withdraw it at {} as well.",
            page.service.name
        )
    } else if page.revokes_upstream {
        format!(
            "The tokens are erased here and withdrawn at {}.",
            page.service.name
        )
    } else {
        format!(
            "The tokens are erased here. {} has no revoke URL: withdraw the grant in the account there as well.",
            page.service.name
        )
    };
    let breaks = vec![in_use(page), "It works again once somebody connects it.".into()];
    setting(
        "Revoke",
        upstream,
        confirm(format!("{}/revoke", page.path()), "Revoke", &page.name, breaks),
    )
}

fn delete(page: &ConnectionPage) -> AnyView {
    let words =
        "The connection, its credential and its activity are erased. The link name becomes free.".to_owned();
    let breaks = vec![in_use(page), "This cannot be undone.".into()];
    setting(
        "Delete",
        words,
        confirm(format!("{}/delete", page.path()), "Delete", &page.name, breaks),
    )
}

/// What breaks: "3 keys used it in the last 24 hours."
fn in_use(page: &ConnectionPage) -> String {
    let keys = i64::try_from(page.used_by.len()).unwrap_or(i64::MAX);
    if keys == 0 {
        "No key used it in the last 24 hours.".into()
    } else {
        format!(
            "{} used it in the last 24 hours: {}.",
            count(keys, "key"),
            page.used_by
                .iter()
                .map(|key| key.name.as_str())
                .collect::<Vec<_>>()
                .join(", ")
        )
    }
}
