//! `/setup/keys`

use app::{
    Body, Form, Page,
    components::moment::Stamp,
    pages::setup::keys::{KeyRow, KeysPage, NewKey},
};
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    form::{
        Fields,
        key::{KeyInput, key},
    },
    function_key::KeyScope,
    id::FunctionKeyId,
};
use engine::{
    actor::{Admin, Member},
    error::EngineError,
    vault::Secret,
};

use super::query;
use crate::{
    auth::{Administrator, SignedIn},
    done::Done,
    error::WebError,
    forms::{self, Go, Posted},
    state::{App, AppState},
    view::Viewer,
};

/// What a key can be used for today.
const OFFERED: [KeyScope; 3] = [KeyScope::Invoke, KeyScope::CredentialsRead, KeyScope::Manage];

pub(crate) async fn show(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let query = query(raw.as_deref());
    let proposed = ["connection", "name", "scope"]
        .into_iter()
        .filter(|field| query.has(field))
        .fold(Fields::default(), |fields, field| {
            fields.with(field, query.get(field))
        });
    let page = page(&app, &viewer, &member, Form::proposing(proposed), None).await?;
    Ok(viewer.page(StatusCode::OK, page))
}

/// Makes a key and shows it in this answer, once: never in an address, never again.
pub(crate) async fn create(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    posted: Posted,
) -> Result<Response, WebError> {
    let made = make(&app, &admin, &posted.0).await;
    let member = admin.member();
    match made {
        Ok((input, text)) => {
            let created = NewKey {
                name: input.name.to_string(),
                key: text.as_text().unwrap_or_default().to_owned(),
            };
            let page = page(&app, &viewer, member, Form::default(), Some(created)).await?;
            Ok(viewer.page(StatusCode::OK, page))
        }
        Err(error) => {
            forms::answer(&viewer, posted, Err(error), |form| {
                page(&app, &viewer, member, form, None)
            })
            .await
        }
    }
}

/// A name is used once: a form that the browser sends again, as after a reload, makes no second key.
async fn make(app: &App, admin: &Admin, fields: &Fields) -> Result<(KeyInput, Secret), EngineError> {
    let input = key(fields)?;
    let known = app.engine.keys(admin.member()).await?;
    let live =
        |row: &engine::store::keys::KeyRow| row.revoked_at.is_none() && row.name == input.name.as_str();
    if known.iter().any(live) {
        let sentence = "A key of this name works already. Choose another name, or revoke that key.";
        return Err(EngineError::field("name", sentence));
    }
    let (_, text) = app.engine.create_key(admin, &input).await?;
    Ok((input, text))
}

pub(crate) async fn revoke(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let id: FunctionKeyId = id.parse().map_err(|_| WebError::NotFound)?;
    let result = app
        .engine
        .revoke_key(&admin, id)
        .await
        .map(|()| Go::to("/setup/keys").done(Done::KeyRevoked));
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), form, None)
    })
    .await
}

async fn page(
    app: &App,
    viewer: &Viewer,
    member: &Member,
    form: Form,
    created: Option<NewKey>,
) -> Result<Page, WebError> {
    let keys = app
        .engine
        .keys(member)
        .await?
        .into_iter()
        .filter(|key| key.revoked_at.is_none());
    let connections = app.engine.connections(member).await?;
    let attention = connections
        .iter()
        .filter(|row| crate::view::needs_attention(row.status()))
        .count();
    let body = KeysPage {
        now: engine::clock::now(),
        keys: keys.map(row).collect(),
        form,
        offered: OFFERED.to_vec(),
        connections: connections
            .into_iter()
            .map(|row| (row.link_name, row.name))
            .collect(),
        created,
    };
    let chrome = Some(viewer.chrome_with(member, attention));
    Ok(Page {
        title: "Function keys".into(),
        chrome,
        notice: None,
        body: Body::Keys(body),
    })
}

fn row(key: engine::store::keys::KeyRow) -> KeyRow {
    KeyRow {
        id: key.id,
        name: key.name,
        scopes: key.scopes,
        connections: key.limited.then(|| {
            key.connections
                .iter()
                .filter_map(|name| name.parse().ok())
                .collect()
        }),
        rules: key.rules,
        calls_per_minute: key.calls_per_minute,
        expires: key.expires_at,
        last_used: key.last_used_at,
        created: Stamp {
            at: key.created_at,
            by: key.created_by.unwrap_or_else(|| "a program".into()),
        },
    }
}
