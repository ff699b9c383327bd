//! `/account`

use app::{Body, Page, pages::account::AccountPage};
use axum::{http::StatusCode, response::Response};

use crate::{auth::SignedIn, error::WebError, view::Viewer};

pub(crate) async fn show(SignedIn { member, .. }: SignedIn, viewer: Viewer) -> Result<Response, WebError> {
    let chrome = Some(viewer.chrome(&member).await?);
    let account = AccountPage {
        name: member.name,
        email: member.email,
        organization: member.organization_name,
        role: member.role,
    };
    Ok(viewer.page(
        StatusCode::OK,
        Page {
            title: "Account".into(),
            chrome,
            notice: None,
            body: Body::Account(account),
        },
    ))
}
