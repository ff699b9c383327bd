//! A request that a function sends itself, signed for it (RFC 5849 section 3): the one use of a credential in which no
//! secret leaves the server.

use std::collections::BTreeMap;

use domain::{call::ToSign, form::FieldErrors, problem::Problem, service::oauth1::SignatureMethod};

use super::{Target, target};
use crate::{Engine, ready::Ready, sign::Signature, vault::Secret};

const UNSIGNED: &str =
    "Requests of this service are not signed. Read its credential, or have the call made with invoke.";
const PLAINTEXT: &str =
    "PLAINTEXT signatures are the secrets themselves, which do not leave. Have the call made with invoke.";

/// What a function sends: the URL as it was signed, and the headers that go with it.
pub struct Signed {
    /// The method that was signed.
    pub method: &'static str,
    /// The URL with its query, in the order that was signed.
    pub url: Secret,
    /// Headers to send, names as documentation writes them.
    pub headers: BTreeMap<String, Secret>,
}

impl Engine {
    /// Signs a request to one of the service's own hosts, which the rules of connection and key permit.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for a service whose requests are not signed; the codes of a call for the rest.
    pub fn sign(&self, ready: &Ready, request: &ToSign) -> Result<Signed, Problem> {
        let asked = Target::Url(request.url.clone(), Vec::new());
        let mut url = self.judge(ready, request.method, &asked)?;
        let armed = ready.armed();
        let signer = armed.signer(self.clocks.of(&url));
        let signer = signer.ok_or_else(|| refused(UNSIGNED))?;
        // Such a signature is the consumer secret and the token secret (RFC 5849 section 3.4.4).
        if signer.service.signature_method == SignatureMethod::Plaintext {
            return Err(refused(PLAINTEXT));
        }
        target::with_parameters(&mut url, &ready.placed.parameters)?;
        let placed = ready.placed.headers.iter();
        let mut headers: BTreeMap<String, Secret> = placed
            .map(|placed| {
                (
                    placed.label.clone(),
                    Secret::new(placed.value.as_bytes().to_vec()),
                )
            })
            .collect();
        let method = request.method.word();
        let signature = signer.sign(method, &url, &request.form, &[]);
        match signature.map_err(Problem::ProviderError)? {
            Signature::Header(_, value) => {
                headers.insert("Authorization".into(), Secret::new(value.as_bytes().to_vec()));
            }
            Signature::Url(signed) => url = signed,
        }
        Ok(Signed {
            method,
            url: Secret::text(url.into()),
            headers,
        })
    }
}

fn refused(sentence: &str) -> Problem {
    Problem::Invalid(FieldErrors::one("link_name", sentence))
}
