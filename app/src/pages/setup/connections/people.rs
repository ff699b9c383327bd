//! *People*: who has connected an account of their own.

use domain::organization::Role;
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{asked::CredentialMode, detail::ConnectionPage};
use crate::{
    components::{
        field::Field,
        form::{Kit, Target, form},
        moment::moment,
        state::{Condition, pill},
    },
    page::Form,
};

/// Who has connected, where each person has an account of their own.
pub struct People {
    /// Whose credential functions get.
    pub mode: CredentialMode,
    /// Those who have connected, in the order of the page.
    pub rows: Vec<PersonRow>,
    /// Whether the person who looks is among them, and works.
    pub mine: bool,
    /// The form *Connect for this user*, with the field `user`; its default where it was not posted.
    pub form: Form,
}

/// Somebody's own account.
pub struct PersonRow {
    /// What stands in the field `user`: a member's id, or an external user id.
    pub user: String,
    /// What people read: the member's name, or the external user id.
    pub name: String,
    /// Whether it is an external user, who cannot sign in here.
    pub external: bool,
    /// Whose account it is at the provider.
    pub account: Option<String>,
    /// What is known of the credential.
    pub condition: Condition,
    /// When they connected.
    pub connected: Option<OffsetDateTime>,
}

/// The card.
#[must_use]
pub fn card(people: &People, page: &ConnectionPage, role: Role) -> AnyView {
    let lines = people.rows.iter().map(|row| line(row, page, role)).collect_view();
    let verb = if people.mine {
        "Connect my account again"
    } else {
        "Connect my account"
    };
    let class = if people.mine { "button" } else { "button main" };
    let words = match people.mode {
        CredentialMode::LoginUser => {
            "Each person's own account. A call for somebody who has none is refused."
        }
        _ => "Each person's own account; the organization's serves those who have none.",
    };
    view! {
        <section class="card" aria-labelledby="people">
            <header>
                <h2 id="people">"People"</h2>
                <div class="head-actions">{post(page, "connect", "me".into(), verb.into(), class)}</div>
            </header>
            <p class="card-in soft small">{words}</p>
            {if people.rows.is_empty() {
                view! { <p class="card-in soft">"Nobody has connected an account of their own yet."</p> }.into_any()
            } else {
                view! { <ul class="people">{lines}</ul> }.into_any()
            }}
            {role.administers().then(|| external(people, page))}
        </section>
    }
    .into_any()
}

fn line(row: &PersonRow, page: &ConnectionPage, role: Role) -> impl IntoView + use<> {
    let now = page.now;
    let external = row.external.then_some("external user · ");
    let account = row.account.as_ref().map(|account| format!("as {account}"));
    let between = (row.account.is_some() && row.connected.is_some()).then_some(" · ");
    let since = row.connected.map(|at| view! { "connected " {moment(at, now)} });
    let away = role.administers().then(|| {
        let verb = view! {
            "Disconnect"
            <span class="hidden">{format!(" {}", row.name)}</span>
        };
        post(
            page,
            "disconnect",
            row.user.clone(),
            verb.into_any().into(),
            "button small",
        )
    });
    view! {
        <li>
            <div class="person-facts">
                <p class="name">{row.name.clone()}</p>
                <p class="soft small">{external} {account} {between} {since}</p>
            </div>
            {pill(row.condition.status(now))}
            {away}
        </li>
    }
}

fn post(page: &ConnectionPage, action: &str, user: String, verb: Verb, class: &'static str) -> AnyView {
    let target = Target::to(format!("{}/{action}", page.path())).class("inline");
    form(&Form::default(), target, move |_| {
        view! {
            <input type="hidden" name="user" value=user />
            <button type="submit" class=class>
                {verb.0}
            </button>
        }
        .into_any()
    })
}

/// The words of a button.
struct Verb(AnyView);
impl From<&'static str> for Verb {
    fn from(words: &'static str) -> Self {
        Self(words.into_any())
    }
}
impl From<AnyView> for Verb {
    fn from(words: AnyView) -> Self {
        Self(words)
    }
}

fn external(people: &People, page: &ConnectionPage) -> AnyView {
    let target = Target::to(format!("{}/connect", page.path())).class("form ask external");
    form(&people.form, target, |kit: &Kit<'_>| {
        let field = Field::new("user", "External user id")
            .machine()
            .placeholder("customer-4711")
            .help("Somebody who has no account here: the name that your functions give. Consent follows in this browser, with that user's account at the service.");
        view! {
            {field.view(kit)}
            <button type="submit" class="button">
                "Connect for this user"
            </button>
        }
        .into_any()
    })
}
