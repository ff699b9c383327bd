//! Hosts that a credential may travel to, with places for a connection's values: `api.zoom.us`, `{shop}.myshopify.com`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    allowed_host::{AllowedHost, AllowedHostError},
    template::{Template, TemplateError},
};

/// One entry of a service's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum HostTemplate {
    /// The same for every connection.
    Plain(AllowedHost),
    /// Another one for each connection.
    Places(Template),
}

/// Why an entry was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostTemplateError {
    /// Its shape.
    #[error(transparent)]
    Host(#[from] AllowedHostError),
    /// Its places.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

impl HostTemplate {
    /// The entry for a connection's values; None where they do not make a host.
    #[must_use]
    pub fn fill<'v>(&self, value_of: impl Fn(&str) -> Option<&'v str>) -> Option<AllowedHost> {
        match self {
            Self::Plain(host) => Some(host.clone()),
            Self::Places(template) => {
                let text = template.fill(value_of).ok()?;
                // A value never brings a wildcard along.
                let stars = |text: &str| text.matches('*').count();
                (stars(&text) == stars(template.as_str())).then(|| text.parse().ok())?
            }
        }
    }

    /// The names of its values.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let template = match self {
            Self::Plain(_) => None,
            Self::Places(template) => Some(template),
        };
        template.into_iter().flat_map(Template::names)
    }
}

impl FromStr for HostTemplate {
    type Err = HostTemplateError;
    fn from_str(text: &str) -> Result<Self, HostTemplateError> {
        if !text.contains(['{', '}']) {
            return Ok(Self::Plain(text.parse()?));
        }
        let template: Template = text.parse()?;
        // The shape, with a label in every place and a whole host where that is all there is.
        let example = if template.as_str().starts_with('{') && template.as_str().ends_with('}') {
            "x.example"
        } else {
            "x"
        };
        let filled = template.fill(|_| Some(example)).unwrap_or_default();
        filled.parse::<AllowedHost>()?;
        Ok(Self::Places(template))
    }
}
impl From<AllowedHost> for HostTemplate {
    fn from(host: AllowedHost) -> Self {
        Self::Plain(host)
    }
}
impl fmt::Display for HostTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(host) => host.fmt(f),
            Self::Places(template) => template.fmt(f),
        }
    }
}
impl TryFrom<String> for HostTemplate {
    type Error = HostTemplateError;
    fn try_from(text: String) -> Result<Self, HostTemplateError> {
        text.parse()
    }
}
impl From<HostTemplate> for String {
    fn from(host: HostTemplate) -> String {
        host.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_makes_one_host() {
        let shop: HostTemplate = "{shop}.myshopify.com".parse().unwrap();
        let filled = |value: &'static str| shop.fill(|_| Some(value)).map(|host| host.to_string());
        assert_eq!(filled("ada").as_deref(), Some("ada.myshopify.com"));
        for hostile in ["*", "evil.example/", "a@b", "a b", "", "evil.example:443/x"] {
            assert_eq!(filled(hostile), None, "{hostile}");
        }
        assert_eq!(shop.fill(|_| None), None);
    }

    #[test]
    fn shapes_are_judged_at_once() {
        for good in ["api.zoom.us", "*.zoom.us", "{host}", "{a}.b.example:8443"] {
            assert_eq!(good.parse::<HostTemplate>().unwrap().to_string(), good);
        }
        for wrong in ["", "https://{a}.example", "{a", "{a}/x", "*.com"] {
            assert!(wrong.parse::<HostTemplate>().is_err(), "{wrong}");
        }
    }
}
