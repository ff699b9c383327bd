//! What a client's provider insists on. A client without quirks follows the RFCs and nothing else.
//!
//! `PUT /clients/{client_id}` takes them as the member `quirks`. A request that does not meet a demand is
//! refused with an OAuth error, and the entry of the ledger names the demand in `unmet`.
//!
//! Layout: `authorize`, `token`, `answer`, `call` and `revoke` hold the members of those names; `unmet`
//! is how a refusal says which demand it is about. The numbers are those of the rows in
//! `end2end/harness/quirks`, where each has a title and a test.
//!
//! | Member | Demand | Quirk |
//! |---|---|---|
//! | `client_id_parameter`, `redirect_uri_parameter` | other names, at authorize and token | 3 |
//! | `pkce` | `required`, `refused`, `optional` or `plain` | 11 |
//! | `resource` | RFC 8707, wanted at authorize, token and refresh | 12, 37 |
//! | `long_lived` | the first access token is good for `GET /exchange` only | 25, 30 |
//! | `authorize.parameters` | further parameters with these values | 1, 2, 50 |
//! | `authorize.no_response_type`, `authorize.no_empty` | a parameter is left out | 4 |
//! | `authorize.response_type` | exactly this text | 5 |
//! | `authorize.raw_scope` | no percent-encoding within the scope | 6 |
//! | `authorize.scope_delimiter`, `authorize.scope_parameter` | other form of the scope | 7 |
//! | `authorize.second_scope_parameter` | a second list of scopes | 8 |
//! | `authorize.via_fragment` | the browser comes by way of `/spa#/authorize?…` | 9 |
//! | `authorize.nonce` | wanted, never twice | 10 |
//! | `authorize.audience` | exactly this text | 12 |
//! | `authorize.code_parameter`, `authorize.callback_parameters` | other callback | 13 |
//! | `authorize.callback_hmac` | the callback is signed with the client secret | 15 |
//! | `authorize.redirect_value` | a registered name in place of the redirect URI | 16 |
//! | `token.tenant` | only `/tenants/{tenant}/token` is good | 17 |
//! | `token.auth`, `token.refresh_auth`, `token.key` | how the client proves itself | 18, 19 |
//! | `token.body`, `token.method`, `token.refresh_method` | how parameters travel | 21, 22 |
//! | `token.redirect_uri_in_query` | it stands in the address of the POST | 23 |
//! | `token.parameters`, `token.refresh_parameters` | further parameters | 24, 37 |
//! | `token.client_credentials`, `token.jwt_bearer` | further grants under these names | 25, 38 |
//! | `token.separate_refresh` | refreshes go to `/refresh` and nowhere else | 35 |
//! | `token.refresh_by_access_token` | a refresh presents the access token | 36 |
//! | `token.keeps_refresh_token`, `token.reuse_seconds` | no rotation, or one with a time of grace | 39 |
//! | `answer.within`, `answer.names`, `answer.as_header`, `answer.extra` | other form of the answer | 26, 44 |
//! | `answer.success_member`, `answer.error_status` | errors come with another status | 28 |
//! | `answer.form_encoded` | unless `Accept` names JSON | 29 |
//! | `answer.expires`, `answer.lifetime_seconds` | how the end of a token is told | 32, 33 |
//! | `call.token_header`, `call.token_query` | where the token stands | 41 |
//! | `call.extra_headers` | wanted on every call | 42, 43 |
//! | `call.instance` | only `/instances/{name}/api/…` is good | 44, 45 |
//! | `call.expired_status` | in place of 401 | 28 |
//! | `call.rate_limit` | the first calls are too many | 52 |
//! | `revoke` | method, authentication, body, parameter | 47 |
//!
//! `POST /introspect` (34) and `/identity` (45, 56) are there for every client.

mod answer;
mod authorize;
mod call;
mod revoke;
mod token;
mod unmet;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use answer::{AnswerQuirks, Expires};
pub use authorize::AuthorizeQuirks;
pub use call::{CallQuirks, RateLimit, RateLimitKind, TokenHeader};
pub use revoke::{RevokeAuth, RevokeBody, RevokeQuirks};
pub use token::{Carrier, JwtBearer, Key, LongLived, TokenAuth, TokenMethod, TokenQuirks};
pub(crate) use unmet::Unmet;

use crate::parameters::Parameters;

/// All demands of one client; what is not set is as the RFCs have it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quirks {
    pub client_id_parameter: Option<String>,
    pub redirect_uri_parameter: Option<String>,
    pub pkce: Pkce,
    pub resource: Option<String>,
    pub long_lived: Option<LongLived>,
    pub authorize: AuthorizeQuirks,
    pub token: TokenQuirks,
    pub answer: AnswerQuirks,
    pub call: CallQuirks,
    pub revoke: RevokeQuirks,
}

/// What becomes of RFC 7636.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pkce {
    /// S256, always.
    #[default]
    Required,
    /// A challenge or a verifier is an error.
    Refused,
    /// S256 or nothing.
    Optional,
    /// The method `plain`, always.
    Plain,
}

/// Parameters by name, each with the value that is wanted.
pub type Wanted = BTreeMap<String, String>;

impl Quirks {
    pub(crate) fn client_id_parameter(&self) -> &str {
        self.client_id_parameter.as_deref().unwrap_or("client_id")
    }

    pub(crate) fn redirect_uri_parameter(&self) -> &str {
        self.redirect_uri_parameter.as_deref().unwrap_or("redirect_uri")
    }

    /// Whether a call with a token of this client can be refused for the way it is made.
    pub(crate) fn demands_of_calls(&self) -> bool {
        let call = &self.call;
        self.long_lived.is_some()
            || call.token_header.is_some()
            || call.token_query.is_some()
            || !call.extra_headers.is_empty()
            || call.instance.is_some()
            || call.expired_status.is_some()
            || call.rate_limit.is_some()
    }

    /// RFC 8707: the resource is named at every step.
    pub(crate) fn check_resource(&self, given: &Parameters) -> Result<(), Unmet> {
        Unmet::unless_value("resource", given, "resource", self.resource.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_is_refused_and_what_is_left_out_is_plain() {
        let read = |text| serde_json::from_str::<Quirks>(text);
        assert_eq!(read("{}").unwrap().client_id_parameter(), "client_id");
        assert_eq!(read(r#"{"pkce":"refused"}"#).unwrap().pkce, Pkce::Refused);
        for wrong in [
            r#"{"client_id_paramter":"x"}"#,
            r#"{"token":{"auth":"no_such"}}"#,
            r#"{"authorize":{"noncee":true}}"#,
            r#"{"token":{"key":{"public_key":"not PEM"}}}"#,
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
