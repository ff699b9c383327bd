//! What calls may do: fields of a connection's settings and of a key.

use domain::call::Method;
use leptos::prelude::*;

use super::{
    area::Area,
    form::Kit,
    frame::Need,
    ticks::{Tick, ticks},
};

/// Methods and paths, folded away while nothing is limited.
#[must_use]
pub fn rules(kit: &Kit<'_>, whose: &'static str) -> AnyView {
    let form = kit.form();
    let open = ["methods", "paths"]
        .iter()
        .any(|name| !form.fields.get(name).is_empty() || form.errors.of(name).is_some());
    let words = if open {
        format!("{whose} some calls only")
    } else {
        format!("{whose} every call")
    };
    let boxes = Method::ALL
        .map(|method| Tick {
            value: method.word().to_owned(),
            label: method.word().to_owned(),
            code: None,
            ticked: form.fields.all("methods").any(|ticked| ticked == method.word()),
        })
        .into();
    let help = Some("With none ticked all are permitted.");
    view! {
        <details class="more" open=open>
            <summary>"Limits on calls" <span class="soft">{format!(" · {words}")}</span></summary>
            <div class="more-fields">
                <div class="in-a-row">{ticks(kit, "methods", "Methods", help, boxes)}</div>
                {PATHS.view(kit)}
            </div>
        </details>
    }
    .into_any()
}

const PATHS: Area = Area {
    name: "paths",
    label: "Paths",
    help: "One a line, such as /v2/users/* or /v2/reports/**. Left empty, every path is permitted.",
    example: "",
    rows: 3,
    check: None,
    need: Need::Never,
    only: None,
};
