//! The HTML frame: one page, one style sheet, nothing from elsewhere, and no script but on the page that is one.

use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use url::{Host, Url};

use crate::seal;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:light-dark(#d5d9df,#3b424c);--quiet:light-dark(#55606e,#a3adba);\
--accent:light-dark(#1f5fbf,#8ab6ff);--on-accent:light-dark(#fff,#0d1420);--page:light-dark(#f6f7f9,#14181d);\
--card:light-dark(#fff,#1c2128)}\
*{box-sizing:border-box}\
body{margin:0;padding:2rem 1rem;background:var(--page);font:1rem/1.5 system-ui,sans-serif}\
main{max-width:30rem;margin:0 auto;padding:1.5rem;background:var(--card);border:1px solid var(--line);border-radius:.5rem}\
h1{margin:0 0 .5rem;font-size:1.375rem;line-height:1.25}\
.quiet,code{color:var(--quiet)}.quiet{margin:0 0 .75rem;font-size:.875rem}\
.alert{padding:.5rem .75rem;border:1px solid;border-radius:.375rem}\
code{font-size:.875rem;overflow-wrap:anywhere}a{color:var(--accent)}\
fieldset{margin:1rem 0;padding:.5rem 1rem;border:1px solid var(--line);border-radius:.375rem}\
legend{padding:0 .25rem;font-weight:600}\
label{display:flex;gap:.5rem;align-items:baseline;padding:.375rem 0}label code{margin-left:.25rem}\
.actions{display:flex;gap:.75rem;margin:1.25rem 0 0}\
button{min-width:6rem;padding:.625rem 1rem;border:1px solid var(--line);border-radius:.375rem;background:transparent;\
color:inherit;font:inherit;cursor:pointer}\
button[value=allow]{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}\
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}";

/// A page. `form_target` is where the answer to its form may lead: Chromium holds `form-action` against
/// every redirect that follows a post, so the client's address must be named.
pub(crate) fn respond(status: StatusCode, main: &str, form_target: Option<&Url>) -> Response {
    framed(status, main, "", &policy(form_target))
}

/// A page whose form leads nowhere but to us.
pub(crate) fn with_own_form(status: StatusCode, main: &str) -> Response {
    framed(status, main, "", &policy_of("'self'"))
}

/// A page with a script of ours, the only one that may run on it.
pub(crate) fn with_script(main: &str, script: &str) -> Response {
    let policy = format!("{}; script-src {}", policy(None), seal::csp_hash(script));
    let script = format!("<script>{script}</script>");
    framed(StatusCode::OK, main, &script, &policy)
}

fn framed(status: StatusCode, main: &str, script: &str, policy: &str) -> Response {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>Sandbox provider</title>\
         <style>{STYLE}</style></head><body><main><p class=\"quiet\">Sandbox provider</p>{main}</main>{script}</body></html>"
    );
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Without a value that fits a header there is no page at all: never one without its policy.
    match HeaderValue::from_str(policy) {
        Ok(policy) => headers.insert(CONTENT_SECURITY_POLICY, policy),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    response
}

/// A page that says why there is no other.
pub(crate) fn refusal(reason: &str) -> Response {
    let main = format!(
        "<h1>This request cannot be answered</h1><p>{}</p>",
        escape(reason)
    );
    respond(StatusCode::BAD_REQUEST, &main, None)
}

/// Text as it may stand between tags and in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn policy(form_target: Option<&Url>) -> String {
    policy_of(&form_target.map_or_else(|| "'none'".to_owned(), |url| format!("'self' {}", source(url))))
}

fn policy_of(form_action: &str) -> String {
    format!(
        "default-src 'none'; style-src {}; form-action {form_action}; frame-ancestors 'none'; base-uri 'none'",
        seal::csp_hash(STYLE)
    )
}

/// The URL's origin as a source expression. The grammar has no IPv6 address, so there only the scheme is named.
fn source(url: &Url) -> String {
    match url.host() {
        Some(Host::Ipv6(_)) => format!("{}:", url.scheme()),
        _ => url.origin().ascii_serialization(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_leaves_no_markup() {
        assert_eq!(
            escape("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;"
        );
    }

    #[test]
    fn the_policy_names_the_client_as_the_only_other_target() {
        let target = |text: &str| policy(Some(&Url::parse(text).unwrap()));
        assert!(
            target("http://localhost:3000/cb?x=1").contains("; form-action 'self' http://localhost:3000; ")
        );
        assert!(target("http://[::1]:3000/cb").contains("; form-action 'self' http:; "));
        assert!(policy(None).contains("form-action 'none'"));
    }
}
