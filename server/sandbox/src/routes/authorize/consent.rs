//! The consent page. The request travels along in hidden fields and is checked again when it comes back.

use axum::http::StatusCode;
use axum::response::Response;

use super::request::AuthorizationRequest;
use crate::account::ACCOUNTS;
use crate::page::{self, escape};

pub(super) fn page(status: StatusCode, request: &AuthorizationRequest, alert: Option<&str>) -> Response {
    let application = escape(&request.application);
    let alert = alert.map(|text| format!("<p class=\"alert\" role=\"alert\">{}</p>", escape(text)));
    let main = format!(
        "<h1>{application} asks for access</h1>\
         <p>This is a stand-in for a real provider. The accounts are made up, and there is no data behind them.</p>\
         {alert}<form method=\"post\" action=\"authorize\">{hidden}\
         <fieldset><legend>Sign in as</legend>{accounts}</fieldset>\
         {scopes}\
         <p class=\"quiet\">You will return to <strong>{target}</strong>.</p>\
         <p class=\"actions\"><button name=\"decision\" value=\"allow\">Allow</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></p></form>",
        alert = alert.unwrap_or_default(),
        hidden = hidden(request),
        accounts = accounts(),
        scopes = scopes(request, &application),
        target = escape(&request.redirect_uri.origin().ascii_serialization()),
    );
    page::respond(status, &main, Some(&request.redirect_uri))
}

fn hidden(request: &AuthorizationRequest) -> String {
    let scope: Vec<&str> = request.scopes.iter().map(|scope| scope.name.as_str()).collect();
    let fields = [
        ("response_type", "code"),
        ("client_id", &request.client_id),
        ("redirect_uri", &request.redirect_uri_text),
        ("scope", &scope.join(" ")),
        ("state", request.state.as_deref().unwrap_or_default()),
        ("code_challenge", &request.code_challenge),
        ("code_challenge_method", "S256"),
    ];
    let field = |(name, value): (&str, &str)| {
        format!(
            "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
            escape(value)
        )
    };
    fields.into_iter().map(field).collect()
}

fn accounts() -> String {
    let mut html = String::new();
    for (index, account) in ACCOUNTS.iter().enumerate() {
        let checked = if index == 0 { " checked" } else { "" };
        html.push_str(&format!(
            "<label><input type=\"radio\" name=\"account\" value=\"{email}\"{checked} required> {email}</label>",
            email = escape(account.email),
        ));
    }
    html
}

fn scopes(request: &AuthorizationRequest, application: &str) -> String {
    if request.scopes.is_empty() {
        return String::new();
    }
    let mut html = format!("<fieldset><legend>Allow {application} to</legend>");
    for scope in &request.scopes {
        html.push_str(&format!(
            "<label><input type=\"checkbox\" name=\"grant\" value=\"{name}\" checked> <span>{display} <code>{name}</code></span></label>",
            name = escape(&scope.name),
            display = escape(&scope.display_name),
        ));
    }
    html.push_str("</fieldset>");
    html
}
