//! The consent page. The request travels along in hidden fields and is checked again when it comes back.

use axum::http::StatusCode;
use axum::response::Response;
use url::Url;

use super::request::AuthorizationRequest;
use crate::account::ACCOUNTS;
use crate::client::Scope;
use crate::page::{self, escape};

/// What the person decides on the page; a request cannot bring it along.
const DECISIONS: [&str; 3] = ["account", "grant", "decision"];

/// What the page says, whichever protocol asks.
pub(crate) struct Question<'a> {
    pub(crate) application: &'a str,
    /// Where the form goes, relative to the page.
    pub(crate) action: &'a str,
    pub(crate) hidden: &'a [(String, String)],
    pub(crate) scopes: &'a [Scope],
    /// Where the person goes afterwards; nowhere if the client has no address.
    pub(crate) to: Option<&'a Url>,
}

pub(super) fn page(status: StatusCode, request: &AuthorizationRequest, alert: Option<&str>) -> Response {
    let question = Question {
        application: &request.client.application,
        action: "authorize",
        hidden: request.given.pairs(),
        scopes: &request.scopes,
        to: Some(&request.callback.to),
    };
    question.ask(status, alert)
}

impl Question<'_> {
    pub(crate) fn ask(&self, status: StatusCode, alert: Option<&str>) -> Response {
        let application = escape(self.application);
        let alert = alert.map(|text| format!("<p class=\"alert\" role=\"alert\">{}</p>", escape(text)));
        let main = format!(
            "<h1>{application} asks for access</h1>\
             <p>This is a stand-in for a real provider. The accounts are made up, and there is no data behind them.</p>\
             {alert}<form method=\"post\" action=\"{action}\">{hidden}\
             <fieldset><legend>Sign in as</legend>{accounts}</fieldset>\
             {scopes}\
             <p class=\"quiet\">{target}</p>\
             <p class=\"actions\"><button name=\"decision\" value=\"allow\">Allow</button>\
             <button name=\"decision\" value=\"deny\">Deny</button></p></form>",
            alert = alert.unwrap_or_default(),
            action = escape(self.action),
            hidden = hidden(self.hidden),
            accounts = accounts(),
            scopes = scopes(self.scopes, &application),
            target = self.target(),
        );
        match self.to {
            Some(to) => page::respond(status, &main, Some(to)),
            None => page::with_own_form(status, &main),
        }
    }

    fn target(&self) -> String {
        match self.to {
            Some(to) => format!(
                "You will return to <strong>{}</strong>.",
                escape(&to.origin().ascii_serialization())
            ),
            None => "You will be shown a code for the application.".to_owned(),
        }
    }
}

fn hidden(given: &[(String, String)]) -> String {
    let field = |(name, value): &(String, String)| {
        format!(
            "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
            escape(name),
            escape(value)
        )
    };
    given
        .iter()
        .filter(|(name, _)| !DECISIONS.contains(&name.as_str()))
        .map(field)
        .collect()
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

fn scopes(asked: &[Scope], application: &str) -> String {
    if asked.is_empty() {
        return String::new();
    }
    let mut html = format!("<fieldset><legend>Allow {application} to</legend>");
    for scope in asked {
        html.push_str(&format!(
            "<label><input type=\"checkbox\" name=\"grant\" value=\"{name}\" checked> <span>{display} <code>{name}</code></span></label>",
            name = escape(&scope.name),
            display = escape(&scope.display_name),
        ));
    }
    html.push_str("</fieldset>");
    html
}
