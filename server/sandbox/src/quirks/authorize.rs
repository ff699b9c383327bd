//! Demands on the authorization request, and what the callback looks like.

use serde::Deserialize;

use super::Wanted;

/// RFC 6749, 4.1.1 and 4.1.2, as this client's provider has them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorizeQuirks {
    /// A request that has `response_type` is refused.
    pub no_response_type: bool,
    /// Exactly this text in place of `code`.
    pub response_type: Option<String>,
    /// A parameter without a value is refused.
    pub no_empty: bool,
    /// Within the scope `:`, `/`, `,` and `+` stand as they are in the address.
    pub raw_scope: bool,
    /// `,` or `+` in place of the space. With `raw_scope` a `+` is the one that reads as a space.
    pub scope_delimiter: Option<char>,
    /// The name of the scope parameter.
    pub scope_parameter: Option<String>,
    /// A second list of scopes, wanted.
    pub second_scope_parameter: Option<String>,
    pub parameters: Wanted,
    /// Wanted, and never the same twice.
    pub nonce: bool,
    pub audience: Option<String>,
    /// The value of the redirect URI is this text; the browser goes to the first registered address.
    pub redirect_value: Option<String>,
    /// The request must come by way of the script of `/spa`.
    pub via_fragment: bool,
    /// The name of the code in the callback.
    pub code_parameter: Option<String>,
    /// Further parameters of the callback.
    pub callback_parameters: Wanted,
    /// Adds `hmac`: hexadecimal HMAC-SHA256 under the client secret over all other parameters of the callback,
    /// sorted by name and joined as `a=b&c=d`, without any encoding.
    pub callback_hmac: bool,
}

impl AuthorizeQuirks {
    pub(crate) fn scope_parameter(&self) -> &str {
        self.scope_parameter.as_deref().unwrap_or("scope")
    }

    pub(crate) fn code_parameter(&self) -> &str {
        self.code_parameter.as_deref().unwrap_or("code")
    }

    /// The scopes of a list, taken apart at the client's delimiter.
    pub(crate) fn split_scopes<'a>(&self, list: &'a str) -> Vec<&'a str> {
        let wanted = self.scope_delimiter.unwrap_or(' ');
        // A raw plus has become a space where the query was read.
        let also = if self.raw_scope && wanted == '+' {
            ' '
        } else {
            wanted
        };
        list.split([wanted, also])
            .filter(|name| !name.is_empty())
            .collect()
    }
}
