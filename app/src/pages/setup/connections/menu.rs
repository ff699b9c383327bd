//! What can be done with a connection as a whole, beside its heading.

use domain::{
    connection::Status,
    organization::Role,
    service::{AuthenticationType, Obtained},
};
use leptos::prelude::*;

use super::detail::ConnectionPage;
use crate::components::{
    Icon,
    confirm::{button, showing},
    icon,
};

/// The buttons. What mends a connection stands in the note that says what is wrong with it.
#[must_use]
pub fn actions(page: &ConnectionPage, role: Role) -> Option<AnyView> {
    let status = page.condition.status(page.now);
    let serves = matches!(status, Status::Connected | Status::Expiring);
    // A test is a call, and calls are for everybody who may try them.
    let mine = page.people.as_ref().is_some_and(|people| people.mine);
    let test =
        (serves || mine).then(|| showing(format!("{}/test", page.path()), "Test connection", "button"));
    let again = (role.administers() && status == Status::Connected).then(|| reconnect(page));
    let more = role.administers().then(|| more(page));
    (test.is_some() || more.is_some()).then(|| {
        view! {
            {test}
            {again}
            {more}
        }
        .into_any()
    })
}

fn reconnect(page: &ConnectionPage) -> AnyView {
    match page.obtained {
        Obtained::Typed => {
            let href = format!("{}/credentials", page.path());
            view! {
                <a class="button" href=href>
                    "Replace credentials"
                </a>
            }
            .into_any()
        }
        Obtained::Consent | Obtained::Request => {
            button(format!("{}/reconnect", page.path()), "Reconnect", "button")
        }
    }
}

/// What is seldom wanted, folded away.
fn more(page: &ConnectionPage) -> AnyView {
    let imports = page.kind == AuthenticationType::OAuth2 && page.obtained == Obtained::Consent;
    let import = imports.then(|| {
        view! {
            <li>
                <a href=format!("{}/credentials", page.path())>"Import tokens"</a>
            </li>
        }
    });
    view! {
        <details class="dropdown">
            <summary class="button" aria-label="More actions">
                {icon(Icon::More)}
            </summary>
            <ul>
                {import}
                <li>
                    <a href=format!("/setup/services/{}/edit", page.service.link_name)>"Edit service"</a>
                </li>
                <li>
                    <a href="#settings">"Settings"</a>
                </li>
            </ul>
        </details>
    }
    .into_any()
}
