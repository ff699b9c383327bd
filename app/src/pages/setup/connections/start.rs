//! Get started: what the list shows while there is no connection.

use domain::organization::Role;
use leptos::prelude::*;

use super::list::try_the_sandbox;
use crate::components::{Icon, icon};

/// Three steps and the button that takes the first.
#[must_use]
pub fn view(sandbox: bool, role: Role) -> AnyView {
    let actions = if role.administers() {
        view! {
            <div class="actions">
                <a class="button main" href="/setup/connections/new">
                    "Create connection"
                </a>
                {sandbox.then(try_the_sandbox)}
            </div>
        }
        .into_any()
    } else {
        view! { <p class="soft">"An administrator of your organization creates the first connection."</p> }
            .into_any()
    };
    view! {
        <div class="start">
            <h1>"Connect your first service"</h1>
            <p class="lead">
                "Functions use a connection by its link name. They never see a client secret and never refresh a token."
            </p>
            <ol class="steps">
                {one(Icon::Grid, "Pick or define a service", "Say once how the provider lets programs in: its client and its URLs.")}
                {one(Icon::Check, "Consent once", "You sign in at the provider. The tokens stay sealed here and renew themselves.")}
                {one(Icon::Key, "Use the link name", "Create a function key, then copy the snippet into your function. With the key set it runs as it stands.")}
            </ol>
            {actions}
        </div>
    }
    .into_any()
}

fn one(sign: Icon, title: &'static str, words: &'static str) -> impl IntoView {
    view! {
        <li class="card">
            <span class="step-sign">{icon(sign)}</span>
            <h2>{title}</h2>
            <p>{words}</p>
        </li>
    }
}
