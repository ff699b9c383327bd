//! `/setup/connections`

use app::{
    Body, Page,
    pages::setup::connections::list::{ConnectionsPage, Filter},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::{super::query, listed};
use crate::{
    auth::SignedIn,
    error::WebError,
    state::AppState,
    view::{Viewer, needs_attention},
};

pub(crate) async fn show(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let rows = app.engine.connections(&member).await?;
    let attention = rows.iter().filter(|row| needs_attention(row.status())).count();
    let query = query(raw.as_deref());
    let body = ConnectionsPage {
        now: engine::clock::now(),
        rows: rows.into_iter().filter_map(listed).collect(),
        filter: Filter {
            text: domain::text::quoted(query.get("text"), 100),
            service: query.get("service").to_owned(),
            status: query.get("status").parse().ok(),
        },
        sandbox: app.engine.settings.sandbox.is_some(),
    };
    let chrome = Some(viewer.chrome_with(&member, attention));
    Ok(viewer.page(
        StatusCode::OK,
        Page {
            title: "Connections".into(),
            chrome,
            notice: None,
            body: Body::Connections(body),
        },
    ))
}
