//! Code that makes a request through a connection: one model, one file a language.
//!
//! The server adds the credential on the way, so no snippet holds a secret; each reads the function key from the
//! environment, runs as it stands, and stops at the first failure with the words that came back.
//!
//! # Layout
//! - [`Use`], [`Call`]: what a snippet does, whatever the language
//! - [`quote`]: text as a literal of a language
//! - [`curl`], [`javascript`], [`python`], [`rust`], [`deluge`]: how it is written

use crate::{
    call::Method,
    link_name::LinkName,
    service::{Definition, sample::SamplePath},
};

pub mod curl;
pub mod deluge;
pub mod javascript;
pub mod python;
mod quote;
pub mod rust;

/// What a snippet does: a call through the connection, or, where there is none to make, asking for the credential and
/// telling when it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Address of this server, without a slash at the end.
    pub server: String,
    /// The connection.
    pub link_name: LinkName,
    /// The user whose account to use, where people have accounts of their own.
    pub user: Option<String>,
    /// The call.
    pub call: Option<Call>,
}

/// A call below the service's API base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// Path and query, encoded: every language and every shell reads it as one address.
    target: String,
    /// What is sent.
    pub body: Option<Body>,
}

/// The body of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its media type.
    pub content_type: String,
    /// Its text.
    pub text: String,
}

impl Call {
    /// A call of this path, with parameters added to its query.
    #[must_use]
    pub fn new(method: Method, path: &SamplePath, query: &[(String, String)], body: Option<Body>) -> Self {
        let mut target = String::new();
        path.to_string().chars().for_each(|c| encode(&mut target, c));
        if !query.is_empty() {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(
                &form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(query)
                    .finish(),
            );
        }
        Self { method, target, body }
    }

    /// Path and query, encoded, with the slash at the beginning.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }
}

/// What no address holds in the clear (RFC 3986 section 2), or what a tool would read as a pattern (curl's globs,
/// `{name}` of invoke).
fn encode(target: &mut String, c: char) {
    match c {
        '"' | '<' | '>' | '`' | '{' | '}' | '|' | '^' | '[' | ']' => {
            target.push_str(&format!("%{:02X}", u32::from(c)));
        }
        c => target.push(c),
    }
}

/// The header that names the user whose account to use.
const USER: &str = "X-Connections-User";

impl Use {
    /// The use of a connection of this service: its sample request.
    #[must_use]
    pub fn new(server: &str, link_name: &LinkName, service: &Definition) -> Self {
        let call = service
            .sample_request
            .as_ref()
            .filter(|_| service.api_base_url.is_some())
            .map(|sample| Call::new(sample.method, &sample.path, &[], None));
        Self {
            server: server.trim_end_matches('/').to_owned(),
            link_name: link_name.clone(),
            user: None,
            call,
        }
    }

    /// The same for the account of one person.
    #[must_use]
    pub fn of(self, user: String) -> Self {
        Self {
            user: Some(user),
            ..self
        }
    }

    /// The same connection, used for another call.
    #[must_use]
    pub fn with(&self, call: Call) -> Self {
        Self {
            call: Some(call),
            ..self.clone()
        }
    }

    fn proxy_url(&self, call: &Call) -> String {
        format!("{}/api/v1/proxy/{}{}", self.server, self.link_name, call.target)
    }

    fn credentials_url(&self) -> String {
        let user = self.user.as_ref().map(|user| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("user", user)
                .finish();
            format!("?{query}")
        });
        format!(
            "{}/api/v1/connections/{}/credentials{}",
            self.server,
            self.link_name,
            user.unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests;
