//! *Try it*: one call through the connection, and what came of it.
//!
//! # Layout
//! - [`TryIt`], and the form: this file
//! - [`answer`]: the provider's answer, or why there is none

use domain::{
    call::Method,
    form::try_it::fields,
    organization::Role,
    snippet::{Call, Use},
};
use leptos::prelude::*;

use super::detail::ConnectionPage;
use crate::{
    components::{
        area::Area,
        choice::select,
        field::Field,
        form::{Kit, Target, form},
        frame::Need,
    },
    islands::check::Kind,
    page::Form,
};

pub mod answer;

/// The form and what came of it.
#[derive(Default)]
pub struct TryIt {
    /// Fields of `domain::form::try_it`; its default where it was not posted.
    pub form: Form,
    /// The call that was made.
    pub tried: Option<Tried>,
}

/// A call that was made.
pub struct Tried {
    /// What was called, for the snippets.
    pub call: Call,
    /// What came of it.
    pub outcome: answer::Outcome,
}

/// The card with the form and, after a call, its answer. The browser posts the form itself: the answer is a page.
#[must_use]
pub fn card(page: &ConnectionPage, role: Role) -> AnyView {
    let proposal = Form::proposing(fields(page.usage.call.as_ref()));
    let posted = page.try_it.tried.is_some() || page.try_it.form.was_refused();
    let model = if posted { &page.try_it.form } else { &proposal };
    let target = Target::to(format!("{}/try", page.path()))
        .class("form try-it")
        .plain();
    let tried = page.try_it.tried.as_ref();
    let answer = tried.map(|tried| answer::view(&tried.outcome, page, role));
    view! {
        <section class="card" aria-labelledby="try-it">
            <header>
                <h2 id="try-it">"Try it"</h2>
                <p class="soft small">{format!("Makes a real call at {}.", page.service.name)}</p>
            </header>
            {form(model, target, request)}
            {answer}
        </section>
    }
    .into_any()
}

/// What the snippets show: the request that was tried, or the sample.
#[must_use]
pub fn usage(page: &ConnectionPage) -> Use {
    match &page.try_it.tried {
        Some(tried) => page.usage.with(tried.call.clone()),
        None => page.usage.clone(),
    }
}

fn request(kit: &Kit<'_>) -> AnyView {
    let methods = Method::ALL.map(|method| (method.word(), method.word())).into();
    let path = Field::new("path", "Path").check(Kind::Path);
    let more = ["parameters", "content_type", "body"];
    let form = kit.form();
    let open = more
        .iter()
        .any(|name| !form.fields.get(name).trim().is_empty() || form.errors.of(name).is_some());
    let kind = Field::new("content_type", "Content type")
        .optional()
        .placeholder("application/json")
        .wide();
    view! {
        <div class="request">
            {select(kit, "method", "Method", methods, None)} {path.view(kit)}
            <button type="submit" class="button main">
                "Send"
            </button>
        </div>
        <details class="more" open=open>
            <summary>"Parameters and body"</summary>
            <div class="more-fields">
                {PARAMETERS.view(kit)} {kind.view(kit)} {BODY.view(kit)}
            </div>
        </details>
    }
    .into_any()
}

const PARAMETERS: Area = Area {
    name: "parameters",
    label: "Parameters",
    help: "Added to the address: name=value, one a line.",
    example: "",
    rows: 3,
    check: None,
    need: Need::Never,
    only: None,
};
const BODY: Area = Area {
    name: "body",
    label: "Body",
    help: "Sent with POST, PUT, PATCH and DELETE.",
    example: "",
    rows: 5,
    check: None,
    need: Need::Never,
    only: None,
};
