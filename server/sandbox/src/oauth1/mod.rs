//! OAuth 1.0a (RFC 5849): consumers, their credentials, and signatures. Nothing here knows HTTP routes.
//!
//! - `consumer`: who may ask, and what its provider insists on
//! - `message`: the parameters of a request, wherever they stand
//! - `signature`: the base string and the four methods
//! - `tokens`: temporary credentials, and those that calls are signed with
//! - `problem`: why a request is refused
//!
//! `PUT /oauth1/consumers/{consumer_key}` registers a consumer. Its demands, by the name in `unmet`:
//!
//! | Member | Demand | Quirk |
//! |---|---|---|
//! | `methods` | one of these signature methods | 49 |
//! | `realm` | exactly this one in the header | 49 |
//! | `initiate_method`, `token_method` | the HTTP method of that leg | 49 |
//! | `callback_confirmed` | `false`: the answer lacks it | 50 |
//! | `skew_seconds` | how far a timestamp may be off | 49 |
//! | `authorize_parameters` | at the authorize address, with these values | 50 |
//! | `fixed_token` | a pair that is good without a dance | 50 |

pub(crate) mod consumer;
pub(crate) mod message;
pub(crate) mod problem;
pub(crate) mod signature;
pub(crate) mod tokens;

use consumer::Consumers;
use tokens::Tokens;

/// All that OAuth 1.0a keeps.
pub(crate) struct Oauth1 {
    pub(crate) consumers: Consumers,
    pub(crate) tokens: Tokens,
}

impl Oauth1 {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            consumers: Consumers::default(),
            tokens: Tokens::new(capacity),
        }
    }
}
