//! What a provider says about itself: OpenID Connect Discovery 1.0 section 4 and RFC 8414, read to fill in a form.
//!
//! The document must name the issuer that was asked for (RFC 8414 section 3.3), or one provider's document could send
//! another's client secret somewhere else. It is asked once, when somebody presses the button; nothing is taken from it
//! later.

use domain::{service::oauth2::ClientAuthentication, text::quoted, url::ProviderUrl};
use http::{HeaderValue, Method, header};
use serde::Deserialize;
use url::Url;

use crate::{
    Engine,
    egress::{EgressError, Outbound},
};

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";
/// Most scopes that are taken over.
const SCOPES: usize = 30;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// The issuer, letter by letter as the provider writes it.
    pub issuer: String,
    /// Whether its callbacks name the issuer (RFC 9207).
    pub names_issuer: bool,
    /// Where people consent.
    pub authorize_url: ProviderUrl,
    /// Where tokens come from.
    pub access_token_url: ProviderUrl,
    /// Where tokens are revoked.
    pub revoke_token_url: Option<ProviderUrl>,
    /// Where it tells whose account it is.
    pub identity_url: Option<ProviderUrl>,
    /// Where an access token's end can be asked.
    pub introspection_url: Option<ProviderUrl>,
    /// Whether it takes PKCE with S256; None where it does not say.
    pub pkce: Option<bool>,
    /// A way of client authentication that both know.
    pub client_authentication: Option<ClientAuthentication>,
    /// What may be asked for.
    pub scopes: Vec<String>,
}

/// Why nothing was found, in a sentence for the person who asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// The operator's rules, or no answer.
    #[error("{0}.")]
    Unreachable(String),
    /// Neither address has a document.
    #[error("There is no discovery document at {0}. Type the URLs from the provider's developer page.")]
    Absent(String),
    /// Something that is none.
    #[error("The answer of {0} is no discovery document: {1}.")]
    Unreadable(String, String),
    /// Another issuer than the one that was asked for.
    #[error(
        "The document names the issuer “{0}”, and was asked for as {1}. A document that speaks for another provider is not used."
    )]
    Issuer(String, String),
}

#[derive(Deserialize)]
struct Document {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    #[serde(default)]
    revocation_endpoint: Option<String>,
    #[serde(default)]
    userinfo_endpoint: Option<String>,
    #[serde(default)]
    introspection_endpoint: Option<String>,
    #[serde(default)]
    code_challenge_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    scopes_supported: Vec<String>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Engine {
    /// Asks a provider about itself. `typed` is its issuer, or the address of the document.
    ///
    /// # Errors
    /// [`DiscoveryError`].
    pub async fn discover(&self, typed: &ProviderUrl) -> Result<Discovered, DiscoveryError> {
        let (issuer, addresses) = addresses(typed.as_url());
        let mut last = DiscoveryError::Absent(issuer.clone());
        for address in addresses {
            match self.document(&address).await {
                Ok(Some(body)) => return read(&body, &issuer, &address),
                Ok(None) => {}
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// The document at an address; None where there is none.
    async fn document(&self, address: &Url) -> Result<Option<Vec<u8>>, DiscoveryError> {
        let asked = Outbound::new(Method::GET, address.clone())
            .header(header::ACCEPT, HeaderValue::from_static("application/json"));
        let answer = match self.egress.send(asked).await {
            Ok(answer) => answer,
            Err(error @ EgressError::Refused(_)) => {
                return Err(DiscoveryError::Unreachable(capital(&error.to_string())));
            }
            Err(error) => {
                return Err(DiscoveryError::Unreachable(format!(
                    "The provider gave no answer that can be used ({error})"
                )));
            }
        };
        if answer.status.is_redirection() {
            let words =
                "it redirects elsewhere, which is not followed. Type the address that it leads to".to_owned();
            return Err(DiscoveryError::Unreadable(address.to_string(), words));
        }
        Ok(answer.status.is_success().then(|| answer.body.to_vec()))
    }
}

/// With a capital letter at the start, unless an address stands there.
fn capital(words: &str) -> String {
    let mut chars = words.chars();
    match chars.next() {
        Some(first) if !words.starts_with("http") => first.to_uppercase().chain(chars).collect(),
        _ => words.to_owned(),
    }
}

/// The issuer, and where its documents may stand: the typed address itself, or both well-known ones. RFC 8414 section
/// 3.1 puts the well-known part before the issuer's path, OpenID behind it.
fn addresses(typed: &Url) -> (String, Vec<Url>) {
    let text = typed.as_str().trim_end_matches('/');
    let (origin, path) = (
        typed.origin().ascii_serialization(),
        typed.path().trim_end_matches('/'),
    );
    for known in [OPENID, OAUTH] {
        if let Some(issuer) = text.strip_suffix(known) {
            return (issuer.to_owned(), vec![typed.clone()]);
        }
        if let Some(rest) = path.strip_prefix(known) {
            return (format!("{origin}{rest}"), vec![typed.clone()]);
        }
    }
    let behind = format!("{text}{OPENID}");
    let before = format!("{origin}{OAUTH}{path}");
    let parsed = [behind, before]
        .iter()
        .filter_map(|address| Url::parse(address).ok())
        .collect();
    (text.to_owned(), parsed)
}

fn read(body: &[u8], asked: &str, address: &Url) -> Result<Discovered, DiscoveryError> {
    let unreadable = |why: &str| DiscoveryError::Unreadable(address.to_string(), why.to_owned());
    let document: Document = serde_json::from_slice(body).map_err(|_| {
        unreadable("it lacks issuer, authorization_endpoint or token_endpoint, or is not JSON")
    })?;
    // A slash at the end is the one difference that people type.
    if document.issuer.trim_end_matches('/') != asked {
        return Err(DiscoveryError::Issuer(
            quoted(&document.issuer, 200),
            asked.to_owned(),
        ));
    }
    let required = |text: &str, name: &str| {
        text.parse::<ProviderUrl>()
            .map_err(|_| unreadable(&format!("its {name} is no URL that can be used")))
    };
    let optional = |text: Option<String>| text.and_then(|text| text.parse::<ProviderUrl>().ok());
    let methods = document.token_endpoint_auth_methods_supported;
    let scopes = document
        .scopes_supported
        .into_iter()
        .filter(|scope| scope.len() <= 300)
        .take(SCOPES);
    Ok(Discovered {
        authorize_url: required(&document.authorization_endpoint, "authorization_endpoint")?,
        access_token_url: required(&document.token_endpoint, "token_endpoint")?,
        revoke_token_url: optional(document.revocation_endpoint),
        identity_url: optional(document.userinfo_endpoint),
        introspection_url: optional(document.introspection_endpoint),
        pkce: document
            .code_challenge_methods_supported
            .map(|methods| methods.iter().any(|method| method == "S256")),
        client_authentication: client_authentication(methods.as_deref()),
        scopes: scopes.collect(),
        names_issuer: document.authorization_response_iss_parameter_supported,
        issuer: document.issuer,
    })
}

/// The default of the standard is Basic (RFC 8414 section 2).
fn client_authentication(methods: Option<&[String]>) -> Option<ClientAuthentication> {
    let Some(methods) = methods else {
        return Some(ClientAuthentication::Basic);
    };
    let known = [
        ("client_secret_post", ClientAuthentication::Post),
        ("client_secret_basic", ClientAuthentication::Basic),
        ("private_key_jwt", ClientAuthentication::PrivateKeyJwt),
        ("none", ClientAuthentication::None),
    ];
    known
        .into_iter()
        .find(|(word, _)| methods.iter().any(|method| method == word))
        .map(|(_, way)| way)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(typed: &str) -> (String, Vec<String>) {
        let (issuer, urls) = addresses(&Url::parse(typed).unwrap());
        (issuer, urls.into_iter().map(String::from).collect())
    }
    fn document(issuer: &str) -> String {
        format!(
            r#"{{"issuer": "{issuer}", "authorization_endpoint": "https://a.example/auth", "token_endpoint": "https://a.example/token",
                "code_challenge_methods_supported": ["S256"], "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
                "scopes_supported": ["openid"], "userinfo_endpoint": "javascript:x"}}"#
        )
    }
    fn found(issuer: &str, asked: &str) -> Result<Discovered, DiscoveryError> {
        read(
            document(issuer).as_bytes(),
            asked,
            &Url::parse("https://a.example/x").unwrap(),
        )
    }

    #[test]
    fn where_documents_stand() {
        let (issuer, urls) = all("https://a.example/tenant/");
        assert_eq!(issuer, "https://a.example/tenant");
        assert_eq!(
            urls,
            [
                "https://a.example/tenant/.well-known/openid-configuration",
                "https://a.example/.well-known/oauth-authorization-server/tenant"
            ]
        );
        let direct = all("https://a.example/t/.well-known/openid-configuration");
        assert_eq!((direct.0.as_str(), direct.1.len()), ("https://a.example/t", 1));
        let inserted = all("https://a.example/.well-known/oauth-authorization-server/t");
        assert_eq!(inserted.0, "https://a.example/t");
    }

    #[test]
    fn a_document_speaks_for_its_issuer_alone() {
        let good = found("https://a.example", "https://a.example").unwrap();
        assert_eq!(good.client_authentication, Some(ClientAuthentication::Basic));
        assert_eq!((good.pkce, good.identity_url), (Some(true), None));
        assert!(found("https://a.example/", "https://a.example").is_ok());
        for other in [
            "https://evil.example",
            "https://A.example",
            "https://a.example/x",
            "https://a.example.evil.example",
        ] {
            assert!(
                matches!(found(other, "https://a.example"), Err(DiscoveryError::Issuer(..))),
                "{other}"
            );
        }
    }

    #[test]
    fn an_address_keeps_its_letters() {
        assert_eq!(
            capital("the name a.example is unknown"),
            "The name a.example is unknown"
        );
        assert_eq!(
            capital("http://10.0.0.1 is not encrypted"),
            "http://10.0.0.1 is not encrypted"
        );
        assert_eq!(capital(""), "");
    }

    #[test]
    fn what_is_no_document_says_why() {
        let address = Url::parse("https://a.example/x").unwrap();
        for body in [
            "",
            "<html>",
            "{}",
            r#"{"issuer": "https://a.example", "authorization_endpoint": "x", "token_endpoint": "y"}"#,
        ] {
            let error = read(body.as_bytes(), "https://a.example", &address).unwrap_err();
            assert!(matches!(error, DiscoveryError::Unreadable(..)), "{body}");
        }
    }
}
