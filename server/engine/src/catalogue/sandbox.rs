//! The sandbox as a default service. Its address is known only where the server runs it, so it is no file.

use domain::service::ServiceInput;
use serde::de::Error as _;
use serde_json::json;
use url::Url;

/// The sandbox's entry.
pub const SANDBOX: &str = "sandbox";

/// The sandbox as a service: the client that every sandbox knows, strict rotation, an account name.
///
/// # Errors
/// The sandbox's address does not make a valid definition.
pub fn sandbox(issuer: &Url) -> Result<ServiceInput, serde_json::Error> {
    let base = issuer.as_str().trim_end_matches('/');
    let host = match (issuer.host_str(), issuer.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let definition = serde_json::from_value(json!({
        "authentication": {
            "type": "oauth2",
            "client_id": "sandbox",
            "authorize_url": format!("{base}/authorize"),
            "access_token_url": format!("{base}/token"),
            "revoke_token_url": format!("{base}/revoke"),
            "options": {"issuer": base, "rotation": "strict", "identity_url": format!("{base}/userinfo"), "identity_field": "email"},
        },
        "scopes": [
            {"name": "profile", "display_name": "Read your profile"},
            {"name": "reports.read", "display_name": "Read reports"},
            {"name": "reports.write", "display_name": "Write reports"},
        ],
        "api_base_url": format!("{base}/api"),
        "allowed_hosts": [host],
        "sample_request": {"type": "GET", "path": "/me"},
    }))?;
    Ok(ServiceInput {
        name: "Sandbox".parse().map_err(serde_json::Error::custom)?,
        link_name: SANDBOX.parse().map_err(serde_json::Error::custom)?,
        definition,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_is_a_valid_service() {
        let input = sandbox(&Url::parse("http://127.0.0.1:3001").unwrap()).unwrap();
        assert_eq!(input.link_name.as_str(), "sandbox");
        assert_eq!(input.definition.allowed_hosts[0].to_string(), "127.0.0.1:3001");
        let fields = domain::form::service::fields(&input);
        assert_eq!(
            domain::form::service::service(&fields).unwrap(),
            input,
            "the form can show and store it"
        );
    }
}
