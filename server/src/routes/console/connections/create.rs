//! `/setup/connections/new/{service}`, and the shortcut for the sandbox.

use std::{collections::BTreeMap, sync::Arc};

use app::{Body, Form, Page, pages::setup::connections::create::CreateConnectionPage};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    form::{
        FieldErrors, Fields,
        connection::{ConnectionInput, connection, field_name, secret_fields},
    },
    id::ConsentId,
    link_name::LinkName,
    principal::{CredentialMode, Principal},
    service::{Definition, Obtained},
};
use engine::{
    Engine, actor::Admin, connect::typed::value_field, error::EngineError, store::services::ServiceRow,
    vault::Secret,
};

use super::{super::link_name, service_name};
use crate::{
    auth::Administrator,
    done::Done,
    error::WebError,
    forms::{self, Go, Posted},
    state::{App, AppState},
    view::Viewer,
};

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(service): Path<String>,
) -> Result<Response, WebError> {
    let (service, _) = app.engine.service(admin.member(), &link_name(&service)?).await?;
    let form = Form::proposing(proposal(&app, &admin, &service).await?);
    Ok(viewer.page(StatusCode::OK, page(&viewer, &admin, service, form).await?))
}

/// The service's own names, or the first free ones after them; the scopes that a default service proposes, or all.
async fn proposal(app: &App, admin: &Admin, service: &ServiceRow) -> Result<Fields, WebError> {
    let taken: Vec<LinkName> = app
        .engine
        .connections(admin.member())
        .await?
        .into_iter()
        .map(|c| c.link_name)
        .collect();
    let (wanted, name) = (&service.input.link_name, &service.input.name);
    let free = (2..)
        .map(|n| (n, wanted.numbered(n)))
        .find(|(_, name)| !taken.contains(name));
    let names = match free.filter(|_| taken.contains(wanted)) {
        Some((n, free)) => Fields::default()
            .with("name", format!("{name} {n}"))
            .with("link_name", String::from(free)),
        None => Fields::default()
            .with("name", name.as_str())
            .with("link_name", wanted.as_str()),
    };
    let entry = service.catalogue.as_deref().and_then(engine::catalogue::entry);
    let proposed = entry
        .map(|entry| entry.default_scopes.as_slice())
        .unwrap_or_default();
    let scopes = service.input.definition.scopes.iter();
    Ok(scopes
        .filter(|scope| proposed.is_empty() || proposed.contains(&scope.name))
        .fold(names, |fields, scope| fields.with("scope", scope.name.as_str())))
}

/// What was typed into the secret fields of the form.
struct Typed {
    /// Secret fields of the connection, by name.
    fields: BTreeMap<String, String>,
    /// Values of the credential, by name.
    values: BTreeMap<String, String>,
}

impl Typed {
    fn take(posted: &mut Posted, definition: &Definition) -> Self {
        let secret = definition.fields.iter().filter(|field| field.secret);
        let fields = secret.map(|field| (field.name.to_string(), posted.0.take(&field_name(field))));
        let fields = fields.collect();
        let asked = definition.asked().into_iter();
        let values = asked.map(|asked| {
            let typed = posted.0.take(&value_field(&asked.name));
            (asked.name, typed)
        });
        Self {
            fields,
            values: values.collect(),
        }
    }
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(service): Path<String>,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let (service, _) = app.engine.service(admin.member(), &link_name(&service)?).await?;
    let typed = Typed::take(&mut posted, &service.input.definition);
    let result = create(&app, &admin, &service, &posted, &typed).await;
    forms::answer(&viewer, posted, result, |form| {
        page(&viewer, &admin, service, form)
    })
    .await
}

async fn create(
    app: &App,
    admin: &Admin,
    service: &ServiceRow,
    posted: &Posted,
    typed: &Typed,
) -> Result<Go, EngineError> {
    let definition = &service.input.definition;
    let mut errors = FieldErrors::default();
    let input = connection(&posted.0, definition)
        .map_err(|wrong| errors = wrong)
        .ok();
    let secrets = secret_fields(definition, &typed.fields);
    let secrets = secrets.map_err(|wrong| errors.0.extend(wrong.0)).ok();
    let (Some(input), Some(secrets)) = (input, secrets) else {
        return Err(errors.into());
    };
    let now = definition.obtained() == Obtained::Typed && input.mode.has_organization();
    if now {
        // A connection whose key is refused is not left behind half made.
        let missing = definition.asked().into_iter().filter(|asked| {
            typed
                .values
                .get(&asked.name)
                .is_none_or(|value| value.trim().is_empty())
        });
        for asked in missing {
            errors.add(&value_field(&asked.name), format!("{} is missing.", asked.label));
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
    }
    let secrets = secrets
        .into_iter()
        .map(|(name, text)| (name, Secret::text(text)))
        .collect();
    app.engine
        .create_connection(admin, service.id, &input, &secrets)
        .await?;
    let engine = Arc::clone(&app.engine);
    let connected = connect(app, &engine, admin, &input, definition, typed).await;
    if connected.is_err() && now {
        let _gone = app.engine.delete_connection(admin, &input.link_name, None).await;
    }
    connected
}

/// Goes on to the credential: to the provider, by asking for a token, or with what was typed.
async fn connect(
    app: &App,
    engine: &Arc<Engine>,
    admin: &Admin,
    input: &ConnectionInput,
    definition: &Definition,
    typed: &Typed,
) -> Result<Go, EngineError> {
    let detail = Go::to(format!("/setup/connections/{}", input.link_name));
    if !input.mode.has_organization() {
        return Ok(detail);
    }
    match definition.obtained() {
        Obtained::Consent => begin(app, admin, &input.link_name).await,
        Obtained::Request => Ok(requested(engine, admin, &input.link_name, detail).await),
        Obtained::Typed => engine
            .type_credential(admin, &input.link_name, &Principal::Organization, &typed.values)
            .await
            .map(|()| detail.done(Done::Connected)),
    }
}

/// The connection is there whatever the provider said: its page tells.
pub(super) async fn requested(engine: &Arc<Engine>, admin: &Admin, link_name: &LinkName, detail: Go) -> Go {
    match engine.request_credential(admin, link_name).await {
        Ok(()) => detail.done(Done::Connected),
        Err(error) => {
            tracing::info!(%error, "a token that was asked for did not come");
            detail
        }
    }
}

/// `POST /setup/sandbox`: service and connection in one click; the second click is the consent.
pub(crate) async fn sandbox(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    posted: Posted,
) -> Result<Response, WebError> {
    let service = app
        .engine
        .sandbox_service(&admin, sandbox::BUILT_IN_CLIENT_SECRET)
        .await?;
    let connection = app.engine.sandbox_connection(&admin, &service).await?;
    let result = begin(&app, &admin, &connection.link_name).await;
    forms::answer(&viewer, posted, result, |form| {
        page(&viewer, &admin, service, form)
    })
    .await
}

/// Records the intent; without JavaScript a page leads on to the provider, with it the browser goes straight.
pub(super) async fn begin(app: &App, admin: &Admin, link_name: &LinkName) -> Result<Go, EngineError> {
    let consent: ConsentId = app.engine.begin_consent(admin, link_name).await?;
    Ok(to_provider(link_name, consent))
}

pub(super) fn to_provider(link_name: &LinkName, consent: ConsentId) -> Go {
    let page = format!("/setup/connections/{link_name}/authorize?consent={consent}");
    Go::to(page).or_live(format!("/oauth/start/{consent}"))
}

async fn page(viewer: &Viewer, admin: &Admin, service: ServiceRow, form: Form) -> Result<Page, WebError> {
    let definition = &service.input.definition;
    let second = definition
        .oauth2()
        .and_then(|oauth2| oauth2.options.authorize.second_scope_parameter.as_ref());
    let modes = match definition.obtained() {
        Obtained::Request => Vec::new(),
        Obtained::Consent | Obtained::Typed => CredentialMode::ALL.to_vec(),
    };
    let body = CreateConnectionPage {
        form,
        service: service_name(&service),
        obtained: definition.obtained(),
        second_scope_parameter: second.map(ToString::to_string),
        scopes: definition.scopes.clone(),
        fields: definition.fields.clone(),
        asked: definition.asked(),
        modes,
    };
    let chrome = Some(viewer.chrome(admin.member()).await?);
    Ok(Page {
        title: "Create connection".into(),
        chrome,
        notice: None,
        body: Body::CreateConnection(body),
    })
}
