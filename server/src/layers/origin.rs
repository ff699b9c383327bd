//! The public address, and no state-changing request from another site.
//!
//! A browser says where a request comes from in `Sec-Fetch-Site`; one that does not must send `Origin`; one that
//! sends neither is refused (OWASP, cross-site request forgery prevention: the fallback is mandatory). The session
//! cookie is SameSite=Lax besides.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::{error::Pending, state::AppState};

pub(crate) async fn guard(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    // HTTP/2 names the host in the request itself.
    let named = request.headers().get(header::HOST).and_then(|v| v.to_str().ok());
    let host = named
        .or_else(|| request.uri().authority().map(|a| a.as_str()))
        .unwrap_or_default();
    if safe && !host.eq_ignore_ascii_case(&app.public.authority()) {
        let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
        return Redirect::temporary(&format!("{}{path}", app.public.origin())).into_response();
    }
    if !safe && !same_origin(request.headers(), &app.public.origin()) {
        return refused();
    }
    next.run(request).await
}

fn same_origin(headers: &HeaderMap, own: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => origin == own,
        (None, None) => false,
    }
}

fn refused() -> Response {
    let mut response = StatusCode::FORBIDDEN.into_response();
    response.extensions_mut().insert(Pending {
        status: StatusCode::FORBIDDEN,
        heading: "This was not done",
        sentences: vec!["The request came from another site. Open the page here and try again.".into()],
        action: ("Show connections", "/setup/connections"),
    });
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_site_changes_anything() {
        let check = |pairs: &[(&'static str, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap()))
                .collect();
            same_origin(&headers, "https://connect.example")
        };
        assert!(check(&[("sec-fetch-site", "same-origin")]));
        assert!(check(&[("origin", "https://connect.example")]));
        for foreign in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://connect.example"),
            ],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://connect.example")],
        ] {
            assert!(!check(foreign), "{foreign:?}");
        }
    }
}
