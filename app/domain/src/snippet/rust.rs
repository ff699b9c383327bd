//! The snippet for Rust with `reqwest`, which blocks: a function that makes one call needs no runtime.

use crate::call::Method;

use super::{Call, USER, Use, quote::rust};

/// A whole `main.rs`.
#[must_use]
pub fn render(usage: &Use) -> String {
    let (request, print) = match &usage.call {
        Some(call) => (request(usage, call), print(call)),
        None => (format!(".get({})", rust(&usage.credentials_url())), ENDS),
    };
    let crates = match &usage.call {
        Some(_) => "// cargo add reqwest --features blocking",
        None => "// cargo add reqwest --features blocking && cargo add serde_json",
    };
    format!(
        "{crates}
use std::{{env, error::Error}};

fn main() -> Result<(), Box<dyn Error>> {{
    let key = env::var(\"CONNECTIONS_KEY\")
        .map_err(|_| \"CONNECTIONS_KEY is not set. Set it to a function key first.\")?;
    let response = reqwest::blocking::Client::new()
        {request}
        .bearer_auth(key)
        .send()?;
    let status = response.status();
    let text = response.text()?;
    if !status.is_success() {{
        return Err(format!(\"{{status}}: {{text}}\").into());
    }}
{print}
    Ok(())
}}
"
    )
}

const ENDS: &str = "    let credential: serde_json::Value = serde_json::from_str(&text)?;
    match credential[\"expires_at\"].as_str() {
        Some(end) => println!(\"The credential works until {end}.\"),
        None => println!(\"The credential works until it is withdrawn.\"),
    }";

fn request(usage: &Use, call: &Call) -> String {
    let url = rust(&usage.proxy_url(call));
    let mut start = format!(".{}({url})", call.method.word().to_ascii_lowercase());
    if let Some(user) = &usage.user {
        start.push_str(&format!("\n        .header(\"{USER}\", {})", rust(user)));
    }
    match &call.body {
        None => start,
        Some(body) => format!(
            "{start}\n        .header(\"Content-Type\", {})\n        .body({})",
            rust(&body.content_type),
            rust(&body.text)
        ),
    }
}

const fn print(call: &Call) -> &'static str {
    match call.method {
        Method::Head => "    println!(\"{status}\");",
        _ => "    println!(\"{text}\");",
    }
}
