//! All that a call or handing out a credential looks at, in one round trip.

use domain::{
    call::CallRules,
    function_key::KeyScope,
    id::{AttemptId, ConnectionId, FunctionKeyId, OrganizationId, ServiceId},
    link_name::LinkName,
    principal::{CredentialMode, Principal},
    service::{Definition, Values},
};
use sqlx::types::Json;
use time::OffsetDateTime;

use super::{
    Store, StoreError,
    connections::{scopes, word},
    credentials::CredentialRow,
};

/// What a caller sees of the connection that it names.
pub(crate) struct Look {
    /// What is known of the key; None where a person asks.
    pub(crate) key: Option<KeyFacts>,
    /// The organization's sealed data key.
    pub(crate) data_key: Vec<u8>,
    /// The connection; None where there is none of that link name, or the key may not use it.
    pub(crate) connection: Option<LookedAt>,
}

/// What a key may do.
#[derive(Debug, Clone)]
pub struct KeyFacts {
    /// Its id.
    pub id: FunctionKeyId,
    /// What it is good for.
    pub scopes: Vec<KeyScope>,
    /// What its calls may do.
    pub rules: CallRules,
    /// How many calls a minute it may make; None for any number.
    pub calls_per_minute: Option<u32>,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
}

/// The connection and its credential.
pub(crate) struct LookedAt {
    pub(crate) id: ConnectionId,
    pub(crate) disabled: bool,
    pub(crate) rules: CallRules,
    pub(crate) mode: CredentialMode,
    pub(crate) fields: Values,
    pub(crate) secret_fields: Option<Vec<u8>>,
    pub(crate) secret_generation: i64,
    pub(crate) service: ServiceId,
    pub(crate) service_secret: Option<Vec<u8>>,
    pub(crate) service_secret_generation: i64,
    pub(crate) service_link_name: String,
    pub(crate) definition: Definition,
    /// None where nobody has consented yet.
    pub(crate) credential: Option<CredentialRow>,
}

impl Store {
    /// Looks; None for a key that is unknown, revoked or past its end.
    pub(crate) async fn call_look(
        &self,
        organization: OrganizationId,
        key: Option<FunctionKeyId>,
        link_name: &LinkName,
        principal: &Principal,
    ) -> Result<Option<Look>, StoreError> {
        let row = sqlx::query!(
            r#"select key_scopes, key_rules as "key_rules: Json<CallRules>", key_calls_per_minute, key_expires_at,
                 key_allowed as "key_allowed!", data_key as "data_key!", connection_id, disabled,
                 connection_rules as "connection_rules: Json<CallRules>", credential_mode, fields as "fields: Json<Values>",
                 secret_fields, secret_generation, service_id, service_secret, service_secret_generation, service_link_name,
                 definition as "definition: Json<Definition>", principal, state, cause, generation, access_token, refresh_token,
                 token_type, granted_scopes, account, expires_at, refresh_after, born_at, rotates, renews_alone,
                 kept as "kept: Json<Values>", fail_count, next_try_at, lease_until,
                 attempt_id, recovers as "recovers!", seen_at as "seen_at!"
               from call_look($1, $2, $3, $4)"#,
            organization.uuid(),
            key.map(FunctionKeyId::uuid),
            link_name.as_str(),
            principal.stored()
        );
        let Some(row) = row.fetch_optional(&self.pool).await? else {
            return Ok(None);
        };
        let credential = match (
            row.state,
            row.generation,
            row.token_type,
            row.born_at,
            row.next_try_at,
        ) {
            (Some(state), Some(generation), Some(token_type), Some(born_at), Some(next_try_at)) => {
                let whose = row.principal.unwrap_or_default();
                Some(CredentialRow {
                    principal: word(&whose)?,
                    renews_alone: row.renews_alone.unwrap_or(false),
                    kept: row.kept.map(|kept| kept.0).unwrap_or_default(),
                    state: word(&state)?,
                    cause: row.cause.as_deref().map(word).transpose()?,
                    generation,
                    access_token: row.access_token,
                    refresh_token: row.refresh_token,
                    token_type,
                    granted: scopes(&row.granted_scopes.unwrap_or_default()),
                    account: row.account,
                    expires_at: row.expires_at,
                    refresh_after: row.refresh_after,
                    born_at,
                    rotates: row.rotates.unwrap_or(false),
                    fail_count: row.fail_count.unwrap_or(0),
                    next_try_at,
                    lease_until: row.lease_until,
                    attempt: row.attempt_id.map(AttemptId::from_uuid),
                    attempt_recovers: row.recovers,
                    now: row.seen_at,
                })
            }
            _ => None,
        };
        let connection = match (
            row.connection_id,
            row.service_id,
            row.service_link_name,
            row.definition,
        ) {
            (Some(id), Some(service), Some(service_link_name), Some(Json(definition))) if row.key_allowed => {
                Some(LookedAt {
                    id: ConnectionId::from_uuid(id),
                    disabled: row.disabled.unwrap_or(false),
                    rules: row.connection_rules.map(|rules| rules.0).unwrap_or_default(),
                    mode: row
                        .credential_mode
                        .as_deref()
                        .map(word)
                        .transpose()?
                        .unwrap_or_default(),
                    fields: row.fields.map(|fields| fields.0).unwrap_or_default(),
                    secret_fields: row.secret_fields,
                    secret_generation: row.secret_generation.unwrap_or(1),
                    service: ServiceId::from_uuid(service),
                    service_secret: row.service_secret,
                    service_secret_generation: row.service_secret_generation.unwrap_or(1),
                    service_link_name,
                    definition,
                    credential,
                })
            }
            _ => None,
        };
        let key = key.map(|id| KeyFacts {
            id,
            scopes: words(row.key_scopes),
            rules: row.key_rules.map(|rules| rules.0).unwrap_or_default(),
            calls_per_minute: row.key_calls_per_minute.and_then(|most| u32::try_from(most).ok()),
            expires_at: row.key_expires_at,
        });
        Ok(Some(Look {
            key,
            data_key: row.data_key,
            connection,
        }))
    }
}

fn words(scopes: Option<Vec<String>>) -> Vec<KeyScope> {
    let scopes = scopes.unwrap_or_default();
    scopes.iter().filter_map(|word| word.parse().ok()).collect()
}
