//! Where a credential goes on a call: the headers and parameters that carry it.

use domain::{problem::Problem, service::Definition, service::oauth2::ParamType};
use http::{HeaderName, HeaderValue, header};

use crate::vault::Secret;

/// A credential in its place. Does not print.
#[derive(Default)]
pub struct Placed {
    /// Headers to send.
    pub headers: Vec<PlacedHeader>,
    /// Query parameters to send.
    pub parameters: Vec<(String, Secret)>,
}

/// A header that carries a credential.
pub struct PlacedHeader {
    /// Its name as documentation writes it.
    pub label: &'static str,
    /// Its name.
    pub name: HeaderName,
    /// Its value, marked as sensitive.
    pub value: HeaderValue,
}

/// Puts an access token where the service wants it.
///
/// # Errors
/// [`Problem::ProviderError`] for a token that no header can carry.
pub fn place(definition: &Definition, token: &Secret) -> Result<Placed, Problem> {
    let mut placed = Placed::default();
    match definition.oauth2().param_type {
        ParamType::Header => {
            // Providers answer `bearer` and expect `Bearer` (RFC 6750 section 2.1).
            let text = Secret::text(format!("Bearer {}", token.as_text().unwrap_or_default()));
            let value = HeaderValue::from_bytes(text.bytes());
            let mut value = value.map_err(|_| {
                Problem::ProviderError("its access token holds characters that no header can carry".into())
            })?;
            value.set_sensitive(true);
            placed.headers.push(PlacedHeader {
                label: "Authorization",
                name: header::AUTHORIZATION,
                value,
            });
        }
        ParamType::Query => placed.parameters.push(("access_token".into(), token.clone())),
    }
    Ok(placed)
}
