//! The snippets for Node: with what it brings along, and with our package.

use crate::call::Method;

use super::{Call, USER, Use, quote::double};

/// With `fetch`.
#[must_use]
pub fn fetch(usage: &Use) -> String {
    let (url, options, print) = match &usage.call {
        Some(call) => (usage.proxy_url(call), options(usage, call), print(call)),
        None => (usage.credentials_url(), AUTHORIZATION.to_owned(), ENDS),
    };
    format!(
        "// Node 20 or later: save as example.mjs, set CONNECTIONS_KEY to a function key, run node example.mjs
const key = process.env.CONNECTIONS_KEY;
if (!key) throw new Error('CONNECTIONS_KEY is not set. Set it to a function key first.');

const response = await fetch({}, {{
{options}}});
if (!response.ok) throw new Error(`${{response.status}} ${{await response.text()}}`);
{print}
",
        double(&url)
    )
}

const AUTHORIZATION: &str = "  headers: { Authorization: `Bearer ${key}` },\n";
const ENDS: &str = "const { expires_at } = await response.json();
console.log(`The credential works until ${expires_at ?? 'it is withdrawn'}.`);";

fn options(usage: &Use, call: &Call) -> String {
    let user = usage
        .user
        .as_ref()
        .map(|user| format!(", '{USER}': {}", double(user)));
    let user = user.unwrap_or_default();
    let method = match call.method {
        Method::Get => String::new(),
        other => format!("  method: '{other}',\n"),
    };
    let rest = match &call.body {
        None => format!("  headers: {{ Authorization: `Bearer ${{key}}`{user} }},\n"),
        Some(body) => format!(
            "  headers: {{ Authorization: `Bearer ${{key}}`{user}, 'Content-Type': {} }},\n  body: {},\n",
            double(&body.content_type),
            double(&body.text)
        ),
    };
    method + &rest
}

const fn print(call: &Call) -> &'static str {
    match call.method {
        Method::Head => "console.log(response.status);",
        _ => "console.log(await response.text());",
    }
}

/// With the package `connections-sdk`.
#[must_use]
pub fn sdk(usage: &Use) -> String {
    let user = usage
        .user
        .as_ref()
        .map(|user| format!(", {{ user: {} }}", double(user)));
    let link_name = double(usage.link_name.as_str());
    let connection = format!("client.connection({link_name}{})", user.unwrap_or_default());
    let rest = match &usage.call {
        None => format!(
            "const {{ expires_at }} = await {connection}.credentials();
console.log(`The credential works until ${{expires_at ?? 'it is withdrawn'}}.`);"
        ),
        Some(call) => format!(
            "const response = await {connection}.{};
if (!response.ok) throw new Error(`${{response.status}} ${{await response.text()}}`);
{}",
            arguments(call),
            print(call)
        ),
    };
    format!(
        "// The SDK: npm install sdk/javascript of the server's source; CONNECTIONS_KEY holds a function key; save as example.mjs
import {{ Client }} from 'connections-sdk';

const client = new Client({{ url: {} }});
{rest}
",
        double(&usage.server)
    )
}

fn arguments(call: &Call) -> String {
    let path = double(call.target());
    let body = call.body.as_ref().map(|body| {
        format!(
            ", {{\n  headers: {{ 'Content-Type': {} }},\n  body: {},\n}}",
            double(&body.content_type),
            double(&body.text)
        )
    });
    let rest = body.unwrap_or_default();
    match call.method {
        Method::Head => format!("request('HEAD', {path}{rest})"),
        other => format!("{}({path}{rest})", other.word().to_ascii_lowercase()),
    }
}
