//! The way back to the client: 303 with `state` and `iss` (RFC 9207), unless a switch spoils it.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::Sandbox;
use crate::fault::{Fault, IssFault};
use crate::ledger::{Endpoint, Flight};

/// Markup that tries to run, to close an attribute, and to fill the page.
const HOSTILE: &str =
    "<script>document.title='owned'</script>\"'><img src=x onerror=\"document.title='owned'\">";
const HOSTILE_LENGTH: usize = 3_000;

pub(super) fn redirect(
    sandbox: &Sandbox,
    flight: &Flight,
    mut to: Url,
    state: Option<&str>,
    answer: &[(&str, &str)],
) -> Response {
    let faults = faults(sandbox, flight);
    let mut iss = Some(sandbox.settings().issuer().to_owned());
    let mut state = state;
    let mut pairs: Vec<(&str, String)> = answer
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    for fault in &faults {
        match fault {
            Fault::OmitState => state = None,
            Fault::Iss(IssFault::Drop) => iss = None,
            Fault::Iss(IssFault::TrailingSlash) => iss = iss.map(|iss| format!("{iss}/")),
            Fault::Iss(IssFault::Other) => iss = Some("https://other.example.com".into()),
            Fault::HostileDescription => pairs = hostile(),
            _ => {}
        }
    }
    pairs.extend(state.map(|state| ("state", state.to_owned())));
    pairs.extend(iss.map(|iss| ("iss", iss)));
    to.query_pairs_mut().extend_pairs(pairs);
    let headers = [
        (LOCATION, to.as_str()),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn faults(sandbox: &Sandbox, flight: &Flight) -> Vec<Fault> {
    let taken = sandbox.memory().switches.take(Endpoint::Authorize);
    let faults: Vec<Fault> = taken.into_iter().map(|switch| switch.fault).collect();
    flight.note(|entry| entry.faults = faults.iter().map(|fault| fault.name().to_owned()).collect());
    faults
}

fn hostile() -> Vec<(&'static str, String)> {
    let description = format!("{HOSTILE}{}", "A".repeat(HOSTILE_LENGTH));
    vec![
        ("error", "access_denied".into()),
        ("error_description", description),
    ]
}
