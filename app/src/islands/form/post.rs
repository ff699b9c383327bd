//! Sends a form without a page load: same URL, same body, another `Accept`.

use domain::form::{FieldError, FieldErrors};
use leptos::prelude::*;
use serde::Deserialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};

use super::{super::dom, report};

/// What the server says: where to go, what is wrong, or what is to be confirmed.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer {
    go: Option<String>,
    errors: Vec<FieldError>,
    message: Option<String>,
    /// What belongs to the message, one line each.
    lines: Vec<String>,
    /// The words of the button that confirms.
    confirm: Option<String>,
    /// The sentence of an `application/problem+json`.
    detail: Option<String>,
}

/// What the server says about one field.
#[derive(Deserialize)]
struct Opinion {
    message: Option<String>,
}

/// Sends; true where the page is being left for another one.
pub(super) async fn send(form: &HtmlFormElement, pressed: Option<&Element>) -> bool {
    let here = || location().href().unwrap_or_default();
    let url = form.get_attribute("action").unwrap_or_else(here);
    let Some(body) = dom::values(form) else {
        return false;
    };
    // What a form would send of the button that was pressed.
    if let Some((name, button)) = pressed.and_then(|button| Some((button.get_attribute("name")?, button))) {
        body.append(&name, &button.get_attribute("value").unwrap_or_default());
    }
    let Ok(response) = fetch(&url, &body).await else {
        let words =
            "The server cannot be reached. Check your network and try again; what you typed is still here.";
        report::show(form, &FieldErrors::default(), words);
        return false;
    };
    if response.redirected() {
        return go(&response.url());
    }
    let answer: Option<Answer> = text(&response)
        .await
        .and_then(|text| serde_json::from_str(&text).ok());
    match answer {
        Some(Answer { go: Some(path), .. }) => go(&path),
        Some(answer) => {
            let some = "Some fields need another value.";
            let words = answer.message.or(answer.detail);
            report::show(
                form,
                &FieldErrors(answer.errors),
                words.as_deref().unwrap_or(some),
            );
            report::ask(form, &answer.lines, answer.confirm.as_deref());
            false
        }
        None => {
            let words = "The server's answer could not be read. Reload the page to see whether it was done.";
            report::show(form, &FieldErrors::default(), words);
            false
        }
    }
}

/// Asks the server about one field whose rules only the server knows. Silence is no complaint.
pub(super) async fn ask(field: &str, value: &str) -> Option<String> {
    let body = UrlSearchParams::new().ok()?;
    body.append("field", field);
    body.append("value", value);
    let response = fetch("/setup/check", &body).await.ok()?;
    if !response.ok() {
        return None;
    }
    let opinion: Opinion = serde_json::from_str(&text(&response).await?).ok()?;
    opinion.message
}

async fn fetch(url: &str, body: &UrlSearchParams) -> Result<Response, JsValue> {
    let headers = Headers::new()?;
    headers.set("Accept", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(body);
    let response = JsFuture::from(window().fetch_with_str_and_init(url, &request)).await?;
    response.dyn_into()
}

async fn text(response: &Response) -> Option<String> {
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

fn go(path: &str) -> bool {
    location().assign(path).is_ok()
}
