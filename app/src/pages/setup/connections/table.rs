//! The table of connections: on their list and on a service's page.

use domain::{
    connection::{Cause, Status},
    problem::explain,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::list::{ConnectionRow, Filter};
use crate::components::{
    copy::copy_code,
    moment::moment,
    monogram::monogram,
    state::{Next, personal, pill},
};

/// The table of connections. Without a filter it stands on a service's page and names no service. Rows that the filter leaves out are hidden, not absent, so
/// that the browser can bring them back without asking.
#[must_use]
pub fn table(rows: Vec<ConnectionRow>, filter: Option<&Filter>, now: OffsetDateTime) -> AnyView {
    let mut left = 0;
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(number, row)| {
            let hidden = filter.is_some_and(|filter| !filter.lets(&row, now));
            left += usize::from(!hidden);
            line(number, row, filter.is_some(), hidden, now)
        })
        .collect_view();
    view! {
        <div class="card table-card">
            <table class="table connections">
                <thead>
                    <tr>
                        <th scope="col">"Connection"</th>
                        {filter.map(|_| view! { <th scope="col">"Service"</th> })}
                        <th scope="col">"Status"</th>
                        <th scope="col">"Account"</th>
                        <th scope="col">"What comes next"</th>
                        <th scope="col">"Last used"</th>
                    </tr>
                </thead>
                <tbody id="connections">{rows}</tbody>
            </table>
            <p class="empty-rows" data-none="connections" hidden=left != 0>
                "No connection matches. Change the filter above."
            </p>
        </div>
    }
    .into_any()
}

fn line(
    number: usize,
    row: ConnectionRow,
    service: bool,
    hidden: bool,
    now: OffsetDateTime,
) -> impl IntoView {
    let status = row.condition.status(now);
    let shown = if row.personal && status == Status::NotConnected {
        personal()
    } else {
        pill(status)
    };
    let why = match (status, row.people) {
        (Status::NotConnected, 1..) if row.personal => Some(small(connected(row.people), None)),
        _ => reason(status, row.condition.cause(now)),
    };
    let words = row.words();
    let service_name = row.service.clone();
    view! {
        <tr
            data-row
            data-words=words
            data-service=row.service_link_name.to_string()
            data-status=status.word()
            hidden=hidden
        >
            <th scope="row">{named(number, &row)}</th>
            {service.then(|| view! { <td data-label="Service">{service_name}</td> })}
            <td data-label="Status">{shown} {why}</td>
            {facts(&row, now)}
        </tr>
    }
}

fn named(number: usize, row: &ConnectionRow) -> impl IntoView + use<> {
    view! {
        <div class="named">
            {monogram(&row.service)}
            <div>
                <a class="name" href=format!("/setup/connections/{}", row.link_name)>
                    {row.name.clone()}
                </a>
                {copy_code(&format!("link-{number}"), row.link_name.to_string(), "link name")}
            </div>
        </div>
    }
}

/// Why, in one clause; the rest, and what mends it, stand on the connection's page.
fn reason(status: Status, cause: Option<Cause>) -> Option<AnyView> {
    let all = explain(status, cause);
    let why = clause(all);
    (!why.is_empty()).then(|| small(why.to_owned(), Some(all)))
}

fn small(words: String, title: Option<&'static str>) -> AnyView {
    view! {
        <small class="reason" title=title>
            {words}
        </small>
    }
    .into_any()
}

fn connected(people: i64) -> String {
    let have = if people == 1 { "person has" } else { "people have" };
    format!("{people} {have} connected")
}

/// What stands before the first mark that divides.
fn clause(sentences: &str) -> &str {
    let end = [". ", ": ", ", "]
        .iter()
        .filter_map(|mark| sentences.find(mark))
        .min();
    end.map_or(sentences.trim_end_matches('.'), |end| &sentences[..end])
}

/// Account, what comes next, last use. On a narrow screen what is empty is left out.
fn facts(row: &ConnectionRow, now: OffsetDateTime) -> AnyView {
    let next = row.condition.next(now);
    let empty = |nothing: bool| nothing.then_some("");
    let account = row.account.clone();
    let used = match row.last_used {
        Some(at) => moment(at, now).into_any(),
        None => "never".into_any(),
    };
    view! {
        <td data-label="Account" class="cut" title=account.clone() data-empty=empty(account.is_none())>
            {or_dash(account.clone())}
        </td>
        <td data-label="Next" data-empty=empty(next == Next::Nothing)>
            {next.view(now)}
        </td>
        <td data-label="Last used" class="soft">
            {used}
        </td>
    }
    .into_any()
}

fn or_dash(text: Option<String>) -> AnyView {
    match text {
        Some(text) => text.into_any(),
        None => view! { <span class="soft">"–"</span> }.into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_short_clause() {
        for cause in Cause::ALL {
            let why = clause(explain(Status::Error, Some(*cause)));
            assert!(
                (20..64).contains(&why.len()) && !why.ends_with(['.', ',', ':']),
                "{cause:?}: {why}"
            );
        }
        assert_eq!(clause("Nobody did."), "Nobody did");
        assert_eq!(clause(""), "");
    }
}
