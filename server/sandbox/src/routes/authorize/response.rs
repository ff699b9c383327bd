//! The way back to the client: 303 with `state` and `iss` (RFC 9207), unless a switch spoils it or the client
//! has it otherwise.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::client::Client;
use crate::fault::{Fault, IssFault};
use crate::ledger::{Endpoint, Flight};
use crate::{Sandbox, seal};

/// Markup that tries to run, to close an attribute, and to fill the page.
const HOSTILE: &str =
    "<script>document.title='owned'</script>\"'><img src=x onerror=\"document.title='owned'\">";
const HOSTILE_LENGTH: usize = 3_000;

/// Where the browser goes back to.
pub(super) struct Callback {
    client: Arc<Client>,
    pub(super) to: Url,
    pub(super) state: Option<String>,
}

type Pairs = Vec<(String, String)>;

impl Callback {
    pub(super) fn new(client: &Arc<Client>, to: Url, state: Option<String>) -> Self {
        Self {
            client: client.clone(),
            to,
            state,
        }
    }

    /// The person has allowed it.
    pub(super) fn code(self, sandbox: &Sandbox, flight: &Flight, code: &str) -> Response {
        let quirks = &self.client.quirks.authorize;
        let mut pairs = vec![(quirks.code_parameter().to_owned(), code.to_owned())];
        pairs.extend(quirks.callback_parameters.clone());
        self.redirect(sandbox, flight, pairs)
    }

    /// RFC 6749, 4.1.2.1.
    pub(super) fn error(self, sandbox: &Sandbox, flight: &Flight, error: &str, told: &str) -> Response {
        let pairs = vec![pair("error", error), pair("error_description", told)];
        self.redirect(sandbox, flight, pairs)
    }

    fn redirect(mut self, sandbox: &Sandbox, flight: &Flight, mut pairs: Pairs) -> Response {
        let mut iss = Some(sandbox.settings().issuer().to_owned());
        for fault in faults(sandbox, flight) {
            match fault {
                Fault::OmitState => self.state = None,
                Fault::Iss(IssFault::Drop) => iss = None,
                Fault::Iss(IssFault::TrailingSlash) => iss = iss.map(|iss| format!("{iss}/")),
                Fault::Iss(IssFault::Other) => iss = Some("https://other.example.com".into()),
                Fault::HostileDescription => pairs = hostile(),
                _ => {}
            }
        }
        pairs.extend(self.state.map(|state| ("state".to_owned(), state)));
        pairs.extend(iss.map(|iss| ("iss".to_owned(), iss)));
        self.to.query_pairs_mut().extend_pairs(pairs);
        if self.client.quirks.authorize.callback_hmac {
            sign(&mut self.to, self.client.secret());
        }
        let headers = [
            (LOCATION, self.to.as_str()),
            (CACHE_CONTROL, "no-store"),
            (REFERRER_POLICY, "no-referrer"),
        ];
        (StatusCode::SEE_OTHER, headers).into_response()
    }
}

/// Shopify's signature: over all other parameters in the order of their names, as they are without encoding.
fn sign(to: &mut Url, secret: &str) {
    let mut pairs: Pairs = to.query_pairs().into_owned().collect();
    pairs.sort();
    let joined: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let hmac = seal::hmac_sha256_hex(secret, &joined.join("&"));
    to.query_pairs_mut().append_pair("hmac", &hmac);
}

fn faults(sandbox: &Sandbox, flight: &Flight) -> Vec<Fault> {
    let taken = sandbox.memory().switches.take(Endpoint::Authorize);
    let faults: Vec<Fault> = taken.into_iter().map(|switch| switch.fault).collect();
    flight.note(|entry| entry.faults = faults.iter().map(|fault| fault.name().to_owned()).collect());
    faults
}

fn hostile() -> Pairs {
    let description = format!("{HOSTILE}{}", "A".repeat(HOSTILE_LENGTH));
    vec![
        pair("error", "access_denied"),
        ("error_description".to_owned(), description),
    ]
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
