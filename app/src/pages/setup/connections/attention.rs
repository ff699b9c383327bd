//! What is wrong with a connection, or will be: why, in whose words, and the button that mends it.

use domain::{
    connection::{Cause, Status},
    organization::Role,
    problem::explain,
    service::Obtained,
    when::count,
};
use leptos::prelude::*;

use time::OffsetDateTime;

use super::detail::ConnectionPage;
use crate::{
    components::{confirm::button, moment::moment, note::note},
    page::NoticeKind,
};

/// What went wrong at the last try to connect, or to withdraw a grant.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// How it is meant: less where the connection works all the same.
    pub kind: NoticeKind,
    /// What happened, why, what to do.
    pub words: String,
    /// When, or when it is tried again.
    pub at: OffsetDateTime,
    /// Whether that moment is the next try.
    pub again: bool,
    /// Whether the service's definition may be at fault.
    pub service: bool,
}

/// The notes of a connection, the most pressing first; nothing where all is well.
#[must_use]
pub fn notes(page: &ConnectionPage, role: Role) -> AnyView {
    view! {
        {trouble(page, role)}
        {state(page, role)}
        {missing_scopes(page, role)}
        {endless(page)}
    }
    .into_any()
}

fn trouble(page: &ConnectionPage, role: Role) -> Option<AnyView> {
    let trouble = page.trouble.as_ref()?;
    let words = trouble.words.clone();
    let body = view! {
        <p>{words}</p>
        <p class="note-quote">{if trouble.again { "Next try: " } else { "" }} {moment(trouble.at, page.now)}</p>
    };
    let edit = (trouble.service && role.administers()).then(|| edit_service(page));
    let status = page.condition.status(page.now);
    let again = (status == Status::NotConnected && role.administers())
        .then(|| mend(page, status, None))
        .flatten();
    let buttons = (edit.is_some() || again.is_some()).then(|| {
        view! {
            {edit}
            {again}
        }
        .into_any()
    });
    Some(note(trouble.kind, body, buttons))
}

fn edit_service(page: &ConnectionPage) -> AnyView {
    let href = format!("/setup/services/{}/edit", page.service.link_name);
    view! {
        <a class="button" href=href>
            "Edit service"
        </a>
    }
    .into_any()
}

fn state(page: &ConnectionPage, role: Role) -> Option<AnyView> {
    let status = page.condition.status(page.now);
    let cause = page.condition.cause(page.now);
    let words = why(status, cause);
    // The card of people says who is missing, and has the buttons.
    let personal = status == Status::NotConnected && page.is_personal();
    // What went wrong says it already, and has the button.
    let told = status == Status::NotConnected && page.trouble.is_some();
    if words.is_empty() || personal || told {
        return None;
    }
    let kind = match status {
        Status::Error | Status::NeedsReauthorization => NoticeKind::Bad,
        Status::Expiring => NoticeKind::Warn,
        _ => NoticeKind::Info,
    };
    let ends = matches!(status, Status::Expiring | Status::NeedsReauthorization)
        .then(|| page.condition.next(page.now))
        .filter(|next| *next != crate::components::state::Next::Nothing)
        .map(|next| view! { <p class="note-next">"It " {next.view(page.now)} "."</p> });
    let quote = provider_words(page).map(|words| match words.starts_with("The provider ") {
        // Ours, about an answer that said nothing.
        true => view! { <p class="note-quote">{words}</p> }.into_any(),
        false => view! {
            <p class="note-quote">{format!("{} says: ", page.service.name)} <q>{words}</q></p>
        }
        .into_any(),
    });
    let body = view! {
        <p>{words}</p>
        {ends}
        {quote}
    };
    let mend = role.administers().then(|| mend(page, status, cause)).flatten();
    Some(note(kind, body, mend))
}

/// The sentences of a status. Where they lead to this very page, the button beside them says that better.
fn why(status: Status, cause: Option<Cause>) -> &'static str {
    let words = explain(status, cause);
    match status {
        Status::Disabled | Status::Revoked | Status::NotConnected => {
            words.find(". ").map_or(words, |end| &words[..=end])
        }
        _ => words,
    }
}

fn provider_words(page: &ConnectionPage) -> Option<String> {
    page.condition
        .credential
        .as_ref()
        .and_then(|facts| facts.provider_words.clone())
}

/// The buttons that mend a state, the likely one first.
fn mend(page: &ConnectionPage, status: Status, cause: Option<Cause>) -> Option<AnyView> {
    let path = page.path();
    let post = |verb: &'static str, action: &str, main: bool| {
        let class = if main { "button main" } else { "button" };
        button(format!("{path}/{action}"), verb, class)
    };
    let typed = page.obtained == Obtained::Typed;
    let reconnect = || match typed {
        true => enter_credentials(page),
        false => post("Reconnect", "reconnect", true),
    };
    match (status, cause) {
        (Status::Disabled, _) => Some(post("Enable", "enable", true)),
        (Status::Revoked | Status::NotConnected, _) if typed => Some(reconnect()),
        (Status::Revoked | Status::NotConnected, _) => Some(post("Connect", "reconnect", true)),
        (Status::Connected, _) => None,
        (_, Some(Cause::NoRefreshToken | Cause::ClientRefused | Cause::AddressRefused)) => Some(
            view! {
                {edit_service(page)}
                {reconnect()}
            }
            .into_any(),
        ),
        _ => Some(reconnect()),
    }
}

/// What is typed in cannot be asked for again.
fn enter_credentials(page: &ConnectionPage) -> AnyView {
    view! {
        <a class="button main" href=format!("{}/credentials", page.path())>
            "Enter credentials"
        </a>
    }
    .into_any()
}

fn missing_scopes(page: &ConnectionPage, role: Role) -> Option<AnyView> {
    let missing = page.missing();
    let serves = matches!(
        page.condition.status(page.now),
        Status::Connected | Status::Expiring
    );
    if missing.is_empty() || !serves {
        return None;
    }
    let number = i64::try_from(missing.len()).unwrap_or(i64::MAX);
    let are = if number == 1 { "is" } else { "are" };
    let names: Vec<String> = missing.iter().map(|scope| scope.name.to_string()).collect();
    let words = format!(
        "{} {are} not granted: {}. {} refuses calls that need {}.",
        count(number, "scope"),
        names.join(", "),
        page.service.name,
        if number == 1 { "it" } else { "them" },
    );
    let again = role
        .administers()
        .then(|| button(format!("{}/reconnect", page.path()), "Reconnect to add", "button"));
    Some(note(NoticeKind::Warn, view! { <p>{words}</p> }, again))
}

/// A credential without an end and without a refresh token is no problem, and worth a word before it becomes one.
fn endless(page: &ConnectionPage) -> Option<AnyView> {
    let facts = page.condition.credential.as_ref()?;
    let quiet = page.obtained == Obtained::Consent
        && page.condition.status(page.now) == Status::Connected
        && !facts.renews
        && facts.expires_at.is_none();
    quiet.then(|| {
        let words = format!(
            "{} named no end and sent no refresh token. The connection works until somebody withdraws it there.",
            page.service.name
        );
        note(NoticeKind::Info, view! { <p>{words}</p> }, None)
    })
}
