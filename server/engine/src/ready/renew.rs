//! Another credential in place of one that the provider refused.

use std::sync::Arc;

use domain::function_key::KeyScope;
use time::Duration;

use super::{Caller, Ready};
use crate::{Engine, keys::FunctionKey};

/// A younger credential is not refused for its age: renewing it would bring another one that is refused as well.
const YOUNG: Duration = Duration::seconds(30);

impl Engine {
    /// Renews the credential that the provider refused with 401, once for its generation however many callers met the
    /// refusal. None where renewing is not possible or brings nothing: then the refusal stands.
    pub(crate) async fn renew(self: &Arc<Self>, refused: &Ready) -> Option<Ready> {
        let row = &refused.row;
        if row.refresh_token.is_none() || refused.now() - row.born_at < YOUNG {
            return None;
        }
        self.land(refused.organization, refused.connection, row.generation)
            .await;
        let organization = refused.organization;
        let caller = match &refused.key {
            Some(key) => Caller::Key(
                FunctionKey {
                    organization,
                    id: key.id,
                },
                KeyScope::Invoke,
            ),
            None => Caller::Person(organization),
        };
        let renewed = self.ready_for(caller, &refused.link_name, 0.0).await.ok()?;
        (renewed.row.generation > row.generation).then_some(renewed)
    }
}
