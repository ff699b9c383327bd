//! What stands around a page: skip link, navigation, notice, main.

use domain::{organization::Role, when::count};
use leptos::prelude::*;

use super::{Icon, icon, monogram::monogram};
use crate::{
    islands::live_form::LiveForm,
    page::{Chrome, Notice},
};

/// The body of the document. Without a person there is no navigation, only the product's name.
#[must_use]
pub fn around(chrome: Option<Chrome>, notice: Option<Notice>, content: AnyView) -> AnyView {
    let notice = notice.map(said);
    match chrome {
        Some(chrome) => view! {
            <a class="skip" href="#main">"Skip to content"</a>
            <div class="shell">
                {side(chrome)}
                <main id="main" class="page" tabindex="-1">
                    {notice}
                    {content}
                </main>
            </div>
            <LiveForm />
        }
        .into_any(),
        None => view! {
            <div class="door">
                <header class="door-name">{icon(Icon::Link)} "Connections"</header>
                <main id="main" class="door-main">
                    {notice}
                    {content}
                </main>
            </div>
            <LiveForm />
        }
        .into_any(),
    }
}

fn said(notice: Notice) -> impl IntoView {
    view! {
        <div class=format!("note {}", notice.kind.tone()) role="status">
            {icon(notice.kind.icon())}
            <div class="note-words">
                <p>{notice.text}</p>
            </div>
        </div>
    }
}

/// One list of links, beside the page on a wide screen. On a phone the platform's popover folds it away: a
/// single navigation, which Escape and a touch beside it close without a script.
fn side(chrome: Chrome) -> impl IntoView {
    let Chrome {
        organization,
        person,
        email,
        role,
        path,
        attention,
    } = chrome;
    let account = (path == "/account").then_some("page");
    view! {
        <header class="side">
            <a class="organization" href="/setup/connections">
                {monogram(&organization)}
                <span class="name">{organization}</span>
            </a>
            <button type="button" class="menu-button" popovertarget="menu" aria-label="Menu">
                {icon(Icon::Menu)}
            </button>
            <nav id="menu" popover="auto" aria-label="Setup">
                {places(role, &path, attention)}
                <a class="person" href="/account" title=email aria-current=account>
                    <span class="avatar" aria-hidden="true">{initials(&person)}</span>
                    <span class="name">{person} <small>{role_word(role)}</small></span>
                </a>
            </nav>
        </header>
    }
}

fn places(role: Role, path: &str, attention: usize) -> impl IntoView + use<> {
    let all = [
        ("/setup/connections", "Connections", Icon::Link, true),
        ("/setup/services", "Services", Icon::Grid, true),
        ("/setup/keys", "Function keys", Icon::Key, role.administers()),
    ];
    let items = all
        .into_iter()
        .filter(|(.., shown)| *shown)
        .map(|(href, words, sign, _)| {
            let current = path.starts_with(href).then_some("page");
            let waiting = (href == "/setup/connections" && attention > 0).then(|| waiting(attention));
            view! {
                <li>
                    <a href=href aria-current=current>
                        {icon(sign)}
                        <span>{words}</span>
                        {waiting}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="places">{items}</ul> }
}

fn waiting(attention: usize) -> impl IntoView {
    let number = i64::try_from(attention).unwrap_or(i64::MAX);
    let words = format!("{} to look at", count(number, "connection"));
    let spoken = words.clone();
    view! {
        <span class="badge" title=words>
            <span aria-hidden="true">{attention}</span>
            <span class="hidden">{spoken}</span>
        </span>
    }
}

/// The word of a role on the page.
#[must_use]
pub const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Owner => "Owner",
        Role::Admin => "Administrator",
        Role::Developer => "Developer",
    }
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    let last = words.next_back();
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_of_any_name() {
        assert_eq!(initials("Ada Augusta Lovelace"), "AL");
        assert_eq!(initials("grace"), "G");
        assert_eq!(initials(""), "");
    }
}
