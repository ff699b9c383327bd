//! Code that uses a connection by its link name: one model, one file a language.
//!
//! # Layout
//! - [`Use`]: what a snippet says, whatever the language
//! - [`curl`]: POSIX shell

use crate::{
    call::Method,
    link_name::LinkName,
    service::{Definition, oauth2::ParamType},
};

pub mod curl;

/// What a snippet does: get the credential of a link name, then call the sample request where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Address of this server, without a slash at the end.
    pub server: String,
    /// The connection.
    pub link_name: LinkName,
    /// The call, where the service names one.
    pub call: Option<Call>,
}

/// A call of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: String,
    /// Where the access token goes.
    pub placement: ParamType,
}

impl Use {
    /// The use of a connection of this service.
    #[must_use]
    pub fn new(server: &str, link_name: &LinkName, service: &Definition) -> Self {
        let call = service
            .sample_request
            .as_ref()
            .zip(service.api_base_url.as_ref())
            .map(|(sample, base)| Call {
                method: sample.method,
                url: format!("{}{}", base.as_str().trim_end_matches('/'), sample.path),
                placement: service.oauth2().param_type,
            });
        Self {
            server: server.trim_end_matches('/').to_owned(),
            link_name: link_name.clone(),
            call,
        }
    }
}
