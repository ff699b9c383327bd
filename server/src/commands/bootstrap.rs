//! `connections bootstrap`: an organization without a browser, for scripts and tests.

use std::io::Write;

use domain::{
    form::{Fields, account, key::KeyInput},
    function_key::KeyScope,
};
use engine::{
    CallLimits, Engine, Settings, SignUpPolicy,
    egress::{EgressClient, EgressPolicy},
    store::{Store, audit::Actor},
    vault::Vault,
};
use serde_json::json;

use super::{Failure, in_words, line_from_stdin};
use crate::{
    cli::{self, Bootstrap},
    config,
};

/// An engine for a command: no way out, no sandbox.
pub(super) async fn engine(
    database: &cli::Database,
    keys: &cli::Keys,
) -> Result<std::sync::Arc<Engine>, Failure> {
    let vault = Vault::new(config::root_keys(keys)?);
    let store = Store::connect(&database.database_url, 2).await?;
    let settings = Settings {
        public_url: url::Url::parse("http://localhost")?,
        sandbox: None,
        sign_up: SignUpPolicy::Invite,
        calls: CallLimits::default(),
    };
    let engine = Engine::new(
        store,
        vault,
        EgressClient::new(EgressPolicy::default())?,
        settings,
    );
    engine.check_vault().await.map_err(|error| error.to_string())?;
    Ok(engine)
}

pub(super) async fn run(options: &Bootstrap) -> Result<(), Failure> {
    let fields = Fields::default()
        .with("organization_name", &*options.organization)
        .with("name", options.name.as_deref().unwrap_or(&options.email))
        .with("email", &*options.email);
    let input = account::sign_up(&fields).map_err(|errors| in_words(errors.into()))?;
    let password = line_from_stdin()?;
    let engine = engine(&options.database, &options.keys).await?;
    let (organization, user) = engine.sign_up(&input, &password, None).await.map_err(in_words)?;
    let scopes = vec![KeyScope::Manage, KeyScope::CredentialsRead];
    let key = KeyInput::new("Bootstrap".parse()?, scopes);
    let actor = Actor {
        user: Some(user),
        ..Actor::default()
    };
    let (_, text) = engine
        .create_key_for(organization, &actor, &key)
        .await
        .map_err(in_words)?;
    let line = json!({"organization_id": organization, "user_id": user, "function_key": text.as_text()});
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}
