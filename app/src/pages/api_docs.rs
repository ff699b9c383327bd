//! The HTTP API, for people who write programs: what can be called, and what comes back.

use leptos::prelude::*;

/// What the page shows.
pub struct ApiDocsPage {
    /// Operations that belong together.
    pub groups: Vec<Group>,
    /// Status, code and sentence of every failure.
    pub problems: Vec<(u16, &'static str, String)>,
}

/// Operations that belong together.
pub struct Group {
    /// What about.
    pub name: String,
    /// The operations.
    pub operations: Vec<Operation>,
}

/// One method of one address.
pub struct Operation {
    /// Its anchor.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// The address.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// The scope that a function key needs.
    pub scope: String,
    /// Name and meaning of its parameters.
    pub parameters: Vec<(String, String)>,
    /// An example of its body.
    pub body: Option<String>,
    /// Status, shape and example of its answers.
    pub answers: Vec<(u16, String, Option<String>)>,
    /// Codes of its failures by status.
    pub failures: Vec<(u16, String)>,
}

/// Draws the page.
#[must_use]
pub fn view(page: ApiDocsPage) -> AnyView {
    view! {
        <div class="api">
            <div class="head">
                <h1>"API"</h1>
                <div class="head-actions">
                    <a class="button" href="/api/openapi.json">
                        "OpenAPI"
                    </a>
                </div>
            </div>
            <p>
                "Every request carries a function key: " <code>"Authorization: Bearer cnx_…"</code>
                ". Failures are problem+json with a stable code."
            </p>
            {page.groups.into_iter().map(group).collect_view()}
            {problems(page.problems)}
        </div>
    }
    .into_any()
}

fn group(group: Group) -> impl IntoView {
    let id = group.name.to_lowercase().replace(' ', "-");
    let heading = id.clone();
    view! {
        <section aria-labelledby=heading>
            <h2 id=id>{group.name}</h2>
            {group.operations.into_iter().map(operation).collect_view()}
        </section>
    }
}

fn operation(operation: Operation) -> impl IntoView {
    view! {
        <details class="card operation" id=operation.id>
            <summary>
                <strong>{operation.method}</strong>
                " "
                <code>{operation.path}</code>
                " "
                <span>{operation.summary}</span>
            </summary>
            <dl class="facts">
                {fact("Scope of the key", view! { <code>{operation.scope}</code> }.into_any())}
                {(!operation.parameters.is_empty())
                    .then(|| fact("Parameters", named(operation.parameters)))}
                {operation.body.map(|body| fact("Body", example(body)))}
                {operation.answers.into_iter().map(answer).collect_view()}
                {fact("Failures", failures(operation.failures))}
            </dl>
        </details>
    }
}

fn fact(words: &'static str, value: AnyView) -> impl IntoView {
    view! {
        <div class="wide">
            <dt>{words}</dt>
            <dd>{value}</dd>
        </div>
    }
}

fn named(pairs: Vec<(String, String)>) -> AnyView {
    let item = |(name, words): (String, String)| view! { <li><code>{name}</code>" "{words}</li> };
    view! { <ul>{pairs.into_iter().map(item).collect_view()}</ul> }.into_any()
}

fn answer((status, shape, text): (u16, String, Option<String>)) -> impl IntoView {
    let value = view! {
        <p>{format!("{status} {shape}")}</p>
        {text.map(example)}
    };
    fact("Answer", value.into_any())
}

fn example(text: String) -> AnyView {
    view! { <pre tabindex="0"><code>{text}</code></pre> }.into_any()
}

fn failures(failures: Vec<(u16, String)>) -> AnyView {
    let item = |(status, codes): (u16, String)| view! { <li>{status}" "<code>{codes}</code></li> };
    view! { <ul>{failures.into_iter().map(item).collect_view()}</ul> }.into_any()
}

fn problems(problems: Vec<(u16, &'static str, String)>) -> impl IntoView {
    let row = |(status, code, words): (u16, &'static str, String)| {
        view! {
            <tr>
                <td>{status}</td>
                <td><code>{code}</code></td>
                <td>{words}</td>
            </tr>
        }
    };
    view! {
        <section aria-labelledby="codes">
            <h2 id="codes">"Codes of failures"</h2>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Code"</th>
                        <th scope="col">"What it says"</th>
                    </tr>
                </thead>
                <tbody>{problems.into_iter().map(row).collect_view()}</tbody>
            </table>
        </section>
    }
}
