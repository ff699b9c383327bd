//! The snippets for Python: with `requests`, and with our package.

use crate::call::Method;

use super::{Body, Call, USER, Use, quote::double};

/// With `requests`.
#[must_use]
pub fn requests(usage: &Use) -> String {
    let (verb, url, body, print) = match &usage.call {
        Some(call) => (
            verb(call),
            usage.proxy_url(call),
            call.body.as_ref(),
            print(call, "status_code"),
        ),
        None => ("get".into(), usage.credentials_url(), None, ENDS),
    };
    let kind = body.map(|body| format!(", \"Content-Type\": {}", double(&body.content_type)));
    // Asking for the credential names the user in its address.
    let named = usage.user.as_ref().filter(|_| usage.call.is_some());
    let user = named.map(|user| format!(", \"{USER}\": {}", double(user)));
    let headers = user.unwrap_or_default() + &kind.unwrap_or_default();
    format!(
        "# pip install requests; CONNECTIONS_KEY holds a function key
import os
import sys

import requests

key = os.environ.get(\"CONNECTIONS_KEY\") or sys.exit(\"CONNECTIONS_KEY is not set. Set it to a function key first.\")
response = requests.{verb}(
    {},
    headers={{\"Authorization\": f\"Bearer {{key}}\"{}}},
{}    timeout=60,
)
if not response.ok:
    sys.exit(response.text)
{print}
",
        double(&url),
        headers,
        body.map(data).unwrap_or_default(),
    )
}

const ENDS: &str = "expires_at = response.json()[\"expires_at\"]
print(f\"The credential works until {expires_at or 'it is withdrawn'}.\")";

fn verb(call: &Call) -> String {
    call.method.word().to_ascii_lowercase()
}

/// As bytes: text would be sent in another character set, or not at all.
fn data(body: &Body) -> String {
    format!("    data={}.encode(),\n", double(&body.text))
}

fn print(call: &Call, status: &str) -> &'static str {
    match (call.method, status) {
        (Method::Head, "status") => "print(answer.status)",
        (Method::Head, _) => "print(response.status_code)",
        (_, "status") => "print(answer.text)",
        (..) => "print(response.text)",
    }
}

/// With the package `connections-sdk`.
#[must_use]
pub fn sdk(usage: &Use) -> String {
    let user = usage.user.as_ref().map(|user| format!(", user={}", double(user)));
    let link_name = double(usage.link_name.as_str());
    let connection = format!("client.connection({link_name}{})", user.unwrap_or_default());
    let rest = match &usage.call {
        None => format!(
            "expires_at = {connection}.credentials().expires_at
print(f\"The credential works until {{expires_at or 'it is withdrawn'}}.\")"
        ),
        Some(call) => format!(
            "answer = {connection}.{}
answer.raise_for_status()
{}",
            arguments(call),
            print(call, "status")
        ),
    };
    format!(
        "# The SDK: pip install sdk/python of the server's source; CONNECTIONS_KEY holds a function key
import connections_sdk

client = connections_sdk.Client(url={})
{rest}
",
        double(&usage.server)
    )
}

fn arguments(call: &Call) -> String {
    let path = double(call.target());
    let body = call.body.as_ref().map(|body| {
        let kind = double(&body.content_type);
        format!(",\n    headers={{\"Content-Type\": {kind}}},\n{}", data(body))
    });
    let rest = body.unwrap_or_default();
    match call.method {
        Method::Head => format!("request(\"HEAD\", {path}{rest})"),
        _ => format!("{}({path}{rest})", verb(call)),
    }
}
