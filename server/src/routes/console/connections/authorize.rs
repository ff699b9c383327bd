//! `/setup/connections/{link_name}/authorize`: what will be asked, and the way to the provider.

use app::{Body, Page, pages::setup::connections::authorize::AuthorizePage};
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use domain::id::ConsentId;

use super::{
    super::{link_name, query},
    service_name,
};
use crate::{auth::SignedIn, error::WebError, state::AppState, view::Viewer};

pub(crate) async fn show(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let back = || Redirect::to(&format!("/setup/connections/{name}")).into_response();
    let Ok(consent) = query(raw.as_deref()).get("consent").parse::<ConsentId>() else {
        return Ok(back());
    };
    let preview = match app.engine.consent_preview(&member, consent).await {
        Ok(preview) if preview.connection.link_name == name => preview,
        Ok(_) => return Err(WebError::NotFound),
        // Finished or expired meanwhile, as after the browser's Back button: the connection's page tells.
        Err(error) if error.is_not_found() => return Ok(back()),
        Err(error) => return Err(error.into()),
    };
    let known = &preview.service.input.definition.scopes;
    let scopes = known
        .iter()
        .filter(|scope| preview.scopes.contains(&scope.name))
        .cloned()
        .collect();
    let body = AuthorizePage {
        connection: preview.connection.name,
        link_name: name,
        service: service_name(&preview.service),
        scopes,
        asked_by: member.name.clone(),
        start: format!("/oauth/start/{consent}"),
    };
    let chrome = Some(viewer.chrome(&member).await?);
    Ok(viewer.page(
        StatusCode::OK,
        Page {
            title: "Authorize".into(),
            chrome,
            notice: None,
            body: Body::Authorize(body),
        },
    ))
}
