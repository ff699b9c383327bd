//! Where may this credential travel? Asked where the service does not say: nothing is allowed silently.

use domain::form::Fields;
use leptos::prelude::*;

use super::detail::ConnectionPage;
use crate::{
    components::{
        field::Field,
        form::{Kit, Target, form},
    },
    islands::check::Kind,
    page::Form,
};

/// The question, with the token URL's host as a proposal.
#[must_use]
pub fn card(page: &ConnectionPage, proposed: &str) -> AnyView {
    let proposal = Form::proposing(Fields::default().with("host", proposed));
    let model = if page.hosts.was_refused() {
        &page.hosts
    } else {
        &proposal
    };
    let target = Target::to(format!("{}/hosts", page.path())).class("form ask");
    let words = format!(
        "{} names no API host, so no call is made with this credential yet. Allow the hosts of its API; every connection of the service may then call them.",
        page.service.name
    );
    view! {
        <section class="card" aria-labelledby="hosts">
            <header>
                <h2 id="hosts">"Where may this credential travel?"</h2>
            </header>
            <p class="card-in soft">{words}</p>
            {form(model, target, host)}
        </section>
    }
    .into_any()
}

fn host(kit: &Kit<'_>) -> AnyView {
    let host = Field::new("host", "Allowed hosts")
        .check(Kind::Hosts)
        .help("The host of the token URL is proposed. Several stand between spaces.");
    view! {
        {host.view(kit)}
        <button type="submit" class="button">
            "Allow"
        </button>
    }
    .into_any()
}
