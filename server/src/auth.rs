//! Who is there, as extractors: a handler that takes [`SignedIn`] is not reached without a session, one that takes
//! [`Administrator`] not without the role, one that takes
//! [`Presented`] not without what could be a function key, and one that takes [`Manager`] or [`Registrar`] not without
//! a key of that scope.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    id::{OrganizationId, UserId},
    problem::Problem,
};
use engine::{
    actor::{self, Admin, Member},
    ready::KeyHash,
};
use tower_sessions::Session;

use crate::{
    error::{ApiError, WebError},
    session::{self, ORGANIZATION, USER},
    state::AppState,
};

/// A signed-in member.
pub(crate) struct SignedIn {
    pub(crate) member: Member,
    /// What a consent is bound to.
    pub(crate) session_hash: [u8; 32],
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, WebError> {
        // Only a GET of a page is worth coming back to.
        let next = (parts.method == axum::http::Method::GET).then(|| parts.uri.path().to_owned());
        let away = || WebError::SignIn(next.clone().filter(|path| is_own_page(path)));
        let session = Session::from_request_parts(parts, app)
            .await
            .map_err(|_| WebError::Broken)?;
        let user: Option<UserId> = session.get(USER).await?;
        let organization: Option<OrganizationId> = session.get(ORGANIZATION).await?;
        let (Some(user), Some(organization), Some(id)) = (user, organization, session.id()) else {
            return Err(away());
        };
        let address = ClientAddress::of(parts, app).to_string();
        let member = app.engine.member(organization, user, Some(address)).await?;
        Ok(Self {
            member: member.ok_or_else(away)?,
            session_hash: session::hash(&id),
        })
    }
}

/// A signed-in owner or admin.
pub(crate) struct Administrator {
    pub(crate) admin: Admin,
}

impl FromRequestParts<AppState> for Administrator {
    type Rejection = WebError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, WebError> {
        let SignedIn { member, .. } = SignedIn::from_request_parts(parts, app).await?;
        let admin = member.admin().ok_or(WebError::Forbidden)?;
        Ok(Self { admin })
    }
}

/// A function key that could exist, by its hash. Whether it does is seen with what it is used for, in one look.
/// Cookies are ignored.
pub(crate) struct Presented(pub(crate) KeyHash);

impl FromRequestParts<AppState> for Presented {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        presented(&parts.headers).map(Self)
    }
}

/// A function key that manages.
pub(crate) struct Manager(pub(crate) actor::Manager);

impl FromRequestParts<AppState> for Manager {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let (hash, address) = (presented(&parts.headers)?, ClientAddress::of(parts, app));
        let manager = app.engine.manager_by_key(hash, Some(address.to_string()));
        Ok(Self(manager.await?))
    }
}

/// A function key that registers connectors.
pub(crate) struct Registrar(pub(crate) actor::Registrar);

impl FromRequestParts<AppState> for Registrar {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let (hash, address) = (presented(&parts.headers)?, ClientAddress::of(parts, app));
        let registrar = app.engine.registrar_by_key(hash, Some(address.to_string()));
        Ok(Self(registrar.await?))
    }
}

/// The key of `Authorization: Bearer cnx_…` (RFC 6750 section 2.1).
pub(crate) fn presented(headers: &HeaderMap) -> Result<KeyHash, ApiError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    let (scheme, key) = value.unwrap_or_default().split_once(' ').unwrap_or_default();
    let hash = scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| KeyHash::of(key.trim()))
        .flatten();
    hash.ok_or_else(|| Problem::InvalidKey.into())
}

/// The network address of the client: the peer's, or what a trusted proxy says about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ClientAddress(IpAddr);

impl ClientAddress {
    fn of(parts: &Parts, app: &AppState) -> Self {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|info| info.0.ip());
        Self(client(
            peer.unwrap_or(IpAddr::from([0, 0, 0, 0])),
            &parts.headers,
            &app.proxies,
        ))
    }
}

impl std::fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, app))
    }
}

/// Walks X-Forwarded-For from the right while the hop is a trusted proxy.
fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let values = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|v| v.to_str().ok());
    let hops: Vec<&str> = values.flat_map(|v| v.split(',')).map(str::trim).collect();
    let mut current = peer.to_canonical();
    for hop in hops.iter().rev() {
        match address(hop) {
            Some(before) if proxies.contains(&current) => current = before,
            _ => break,
        }
    }
    current
}

/// A hop: an address, or one with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let plain = hop.parse::<IpAddr>().ok();
    plain
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .map(|address| address.to_canonical())
}

/// Whether a path is a page of the console that a person may be sent to after signing in: never another site.
pub(crate) fn is_own_page(path: &str) -> bool {
    let plain = path
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'_' | b'-'));
    plain && !path.contains("//") && (path.starts_with("/setup/") || path == "/account")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_headers_count_only_from_trusted_proxies() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "6.6.6.6, 203.0.113.7, 10.0.0.2".parse().unwrap(),
        );
        assert_eq!(
            client(ip("198.51.100.1"), &headers, &[]),
            ip("198.51.100.1"),
            "spoofed"
        );
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(
            client(ip("10.0.0.1"), &headers, &trusted),
            ip("203.0.113.7"),
            "the last hop that is not ours"
        );
        headers.insert("x-forwarded-for", "garbage".parse().unwrap());
        assert_eq!(client(ip("10.0.0.1"), &headers, &trusted), ip("10.0.0.1"));
    }

    #[test]
    fn a_return_address_is_a_page_of_ours() {
        for good in ["/setup/connections", "/setup/connections/zoom", "/account"] {
            assert!(is_own_page(good), "{good}");
        }
        for bad in [
            "",
            "/",
            "//evil.example",
            "/setup//evil.example",
            "https://evil.example",
            "/setup/\\evil",
            "/setup/%2f%2fevil",
            "/oauth/start/cns_1",
            "/setup/x?y=z",
            "/setup/\r\nx",
            "javascript:alert(1)",
            "/sign-out",
        ] {
            assert!(!is_own_page(bad), "{bad}");
        }
    }
}
