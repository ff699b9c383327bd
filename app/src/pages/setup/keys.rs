//! `/setup/keys`: the keys by which functions are known; a new one is shown once, on this page, and never again.

use domain::{call::CallRules, function_key::KeyScope, id::FunctionKeyId, link_name::LinkName, when::count};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{
        Icon,
        confirm::confirm,
        copy::copy_box,
        field::Field,
        form::{Kit, Target, form},
        head::head,
        icon,
        moment::{Stamp, clock, date, moment, stamp},
        rules::rules,
        ticks::{Tick, ticks},
    },
    islands::check::Kind,
    page::Form,
};

/// What the page shows.
pub struct KeysPage {
    /// The server's clock.
    pub now: OffsetDateTime,
    /// Every key that works, in any order.
    pub keys: Vec<KeyRow>,
    /// Fields of `domain::form::key`; first with what the query proposes: `?connection=&name=&scope=`.
    pub form: Form,
    /// The scopes that a key may have, in order; the first is ticked at first.
    pub offered: Vec<KeyScope>,
    /// Every connection: link name and name.
    pub connections: Vec<(LinkName, String)>,
    /// The key that was just made.
    pub created: Option<NewKey>,
}

/// A key in the list.
pub struct KeyRow {
    /// Its id: `/setup/keys/{id}/revoke`.
    pub id: FunctionKeyId,
    /// What people read.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// The link names of the only connections it may use, an empty list once those were deleted; None for all.
    pub connections: Option<Vec<LinkName>>,
    /// What its calls may do.
    pub rules: CallRules,
    /// How many calls a minute it may make; None for any number.
    pub calls_per_minute: Option<u32>,
    /// When it ends by itself.
    pub expires: Option<OffsetDateTime>,
    /// When it was last used.
    pub last_used: Option<OffsetDateTime>,
    /// Who made it.
    pub created: Stamp,
}

/// A key in the clear, on its way to whoever made it. It does not print.
pub struct NewKey {
    /// What people read.
    pub name: String,
    /// The secret text.
    pub key: String,
}

/// Draws the page.
#[must_use]
pub fn view(mut page: KeysPage) -> AnyView {
    page.keys.sort_by_key(|key| std::cmp::Reverse(key.created.at));
    let created = page.created.take().map(shown_once);
    let now = page.now;
    let make = form(
        &page.form,
        Target::to("/setup/keys".into()).class("form card").plain(),
        |kit| fields(kit, &page),
    );
    view! {
        {head("Function keys", None, None)}
        {created}
        <div class="two">
            {list(page.keys, now)}
            {make}
        </div>
        {clock(now)}
    }
    .into_any()
}

fn shown_once(created: NewKey) -> AnyView {
    view! {
        <section class="card once" aria-labelledby="new-key">
            <h2 id="new-key">{icon(Icon::Key)} {format!("{} is ready", created.name)}</h2>
            <p>"Copy the key now: this is the only time that it is shown. Keep it where your function keeps its secrets."</p>
            {copy_box("new-key-text", created.key, "function key")}
        </section>
    }
    .into_any()
}

fn fields(kit: &Kit<'_>, page: &KeysPage) -> AnyView {
    // Drawn in the order of the page: the first that is wrong has the focus.
    let name = Field::new("name", "Key name")
        .check(Kind::Name)
        .help("What uses it, such as nightly report.")
        .view(kit);
    let form = kit.form();
    let first = !form.was_refused() && !form.fields.has("scope");
    let scopes = page
        .offered
        .iter()
        .enumerate()
        .map(|(at, scope)| Tick {
            value: scope.word().to_owned(),
            label: scope.label().to_owned(),
            code: Some(scope.word().to_owned()),
            ticked: (first && at == 0) || form.fields.all("scope").any(|ticked| ticked == scope.word()),
        })
        .collect();
    let scopes = ticks(kit, "scope", "What it may do", None, scopes);
    let connections: Vec<Tick> = page
        .connections
        .iter()
        .map(|(link_name, name)| Tick {
            value: link_name.to_string(),
            label: name.clone(),
            code: Some(link_name.to_string()),
            ticked: form
                .fields
                .all("connection")
                .any(|ticked| ticked == link_name.as_str()),
        })
        .collect();
    let limited = (!connections.is_empty()).then(|| {
        let help = "Tick those it may use. With none ticked it may use all, later ones too.";
        ticks(kit, "connection", "Limit to connections", Some(help), connections)
    });
    view! {
        <header>
            <h2>"Create a key"</h2>
        </header>
        <div class="group">
            {name} {scopes} {limited}
            {rules(kit, "The key permits")} {bounds(kit)}
        </div>
        <div class="group foot">
            <button type="submit" class="button main">
                "Create key"
            </button>
        </div>
    }
    .into_any()
}

/// How much and how long, folded away while nothing is bounded.
fn bounds(kit: &Kit<'_>) -> AnyView {
    let form = kit.form();
    let open = ["calls_per_minute", "expires_in_days"]
        .iter()
        .any(|name| !form.fields.get(name).is_empty() || form.errors.of(name).is_some());
    let calls = Field::new("calls_per_minute", "Calls a minute")
        .optional()
        .number()
        .help("More are refused with 429.");
    let days = Field::new("expires_in_days", "Days until it ends")
        .optional()
        .number()
        .help("Left empty, it works until it is revoked.");
    view! {
        <details class="more" open=open>
            <summary>"Limits on time and number"</summary>
            <div class="more-fields grid">{calls.view(kit)} {days.view(kit)}</div>
        </details>
    }
    .into_any()
}

fn list(keys: Vec<KeyRow>, now: OffsetDateTime) -> AnyView {
    if keys.is_empty() {
        return view! {
            <p class="empty card">
                "A function shows a key to get credentials. Create one, and set it as " <code>"CONNECTIONS_KEY"</code>
                " where the function runs."
            </p>
        }
        .into_any();
    }
    let items = keys.into_iter().map(|key| line(key, now)).collect_view();
    view! { <ul class="card keys">{items}</ul> }.into_any()
}

fn line(key: KeyRow, now: OffsetDateTime) -> impl IntoView {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.label()).collect();
    let limits = match key.connections.as_deref() {
        None => "all connections".to_owned(),
        Some([]) => "no connection any more: those it was limited to are deleted".to_owned(),
        Some(names) => names.iter().map(LinkName::as_str).collect::<Vec<_>>().join(", "),
    };
    let limits = std::iter::once(limits)
        .chain(bounded(&key))
        .collect::<Vec<_>>()
        .join(" · ");
    let ends = key.expires.map(|end| {
        let words = if end <= now { " · ended " } else { " · ends " };
        view! { {words} {date(end, now)} }
    });
    let used = match key.last_used {
        Some(at) => view! { "last used " {moment(at, now)} }.into_any(),
        None => "never used".into_any(),
    };
    let breaks = vec![
        "Functions that use this key get nothing more, at once.".to_owned(),
        "A revoked key cannot be brought back.".to_owned(),
    ];
    view! {
        <li>
            <div class="key-facts">
                <h2 class="name">{key.name.clone()}</h2>
                <p class="soft">{format!("{} · {limits}", scopes.join(", "))}</p>
                <p class="soft">{used} " · created " {stamp(&key.created, now)} {ends}</p>
            </div>
            {confirm(format!("/setup/keys/{}/revoke", key.id), "Revoke", &key.name, breaks)}
        </li>
    }
}

/// What else a key is limited to.
fn bounded(key: &KeyRow) -> Vec<String> {
    let methods: Vec<&str> = key.rules.methods.iter().map(|method| method.word()).collect();
    let paths: Vec<&str> = key.rules.paths.iter().map(|path| path.as_str()).collect();
    let rate = key
        .calls_per_minute
        .map(|calls| format!("{} a minute", count(i64::from(calls), "call")));
    [methods.join(", "), paths.join(", ")]
        .into_iter()
        .filter(|words| !words.is_empty())
        .chain(rate)
        .collect()
}
