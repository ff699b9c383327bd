//! Why a person is not even asked.

use std::sync::Arc;

use super::response::Callback;
use crate::client::Client;
use crate::parameters::Doubled;
use crate::quirks::Unmet;

/// An error code of RFC 6749, 4.1.2.1, and what it means here.
pub(super) struct Fault {
    pub(super) error: &'static str,
    pub(super) description: String,
    pub(super) unmet: Option<&'static str>,
}

pub(super) enum Rejection {
    /// There is no address that may be trusted with an answer.
    Page {
        reason: String,
        client_id: Option<String>,
        unmet: Option<&'static str>,
    },
    /// The client is told.
    Redirect(Box<ErrorRedirect>),
}

pub(super) struct ErrorRedirect {
    pub(super) client: Arc<Client>,
    pub(super) callback: Callback,
    pub(super) fault: Fault,
}

impl Fault {
    pub(super) fn new(error: &'static str, description: impl Into<String>) -> Self {
        Self {
            error,
            description: description.into(),
            unmet: None,
        }
    }

    pub(super) fn invalid_request(description: &str) -> Self {
        Self::new("invalid_request", description)
    }
}

impl From<Doubled> for Fault {
    fn from(Doubled: Doubled) -> Self {
        Self::invalid_request("A parameter is given more than once.")
    }
}

impl From<Unmet> for Fault {
    fn from(unmet: Unmet) -> Self {
        Self {
            unmet: Some(unmet.demand),
            ..Self::invalid_request(&unmet.description)
        }
    }
}

impl Rejection {
    pub(super) fn page(reason: &str) -> Self {
        Self::Page {
            reason: reason.to_owned(),
            client_id: None,
            unmet: None,
        }
    }

    pub(super) fn unmet(client: &Client, unmet: Unmet) -> Self {
        Self::Page {
            reason: unmet.description,
            client_id: Some(client.id.clone()),
            unmet: Some(unmet.demand),
        }
    }

    pub(super) fn client_id(&self) -> Option<String> {
        match self {
            Self::Page { client_id, .. } => client_id.clone(),
            Self::Redirect(told) => Some(told.client.id.clone()),
        }
    }

    pub(super) fn demand(&self) -> Option<&'static str> {
        match self {
            Self::Page { unmet, .. } => *unmet,
            Self::Redirect(told) => told.fault.unmet,
        }
    }
}
