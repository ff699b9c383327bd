//! `/setup/connections/{link_name}/credentials`: values that are typed in, and tokens that were obtained elsewhere.

use std::collections::BTreeMap;

use app::{
    Body, Form, Page,
    pages::setup::connections::credentials::{CredentialUser, CredentialsPage, Wanted},
};
use axum::{
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::Response,
};
use domain::{form::FieldErrors, link_name::LinkName, principal::Principal, service::Obtained};
use engine::{
    actor::Member,
    connect::typed::value_field,
    connections::ConnectionDetail,
    import::{Import, Token, Tokens},
};

use super::{
    super::{link_name, query},
    service_name,
};
use crate::{
    auth::SignedIn,
    done::Done,
    error::WebError,
    forms::{self, Go, Posted},
    state::{App, AppState},
    view::Viewer,
};

pub(crate) async fn show(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let user = user(&member, query(raw.as_deref()).get("user"))?;
    let form = Form::default();
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &member, &link_name(&name)?, &user, form).await?,
    ))
}

/// Whose credential it will be: a member's own, or by an administrator anybody else's.
pub(super) fn user(member: &Member, text: &str) -> Result<Principal, WebError> {
    let named = match text {
        "me" => Principal::Member(member.user),
        text => Principal::named(text).map_err(|_| WebError::NotFound)?,
    };
    if named == Principal::Member(member.user) || member.role.administers() {
        Ok(named)
    } else {
        Err(WebError::Forbidden)
    }
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let user = user(&member, posted.0.get("user"))?;
    let detail = app.engine.connection(&member, &name).await?;
    let definition = &detail.service.input.definition;
    let result = if definition.obtained() == Obtained::Typed {
        let asked = definition.asked().into_iter();
        let values: BTreeMap<String, String> = asked
            .map(|asked| {
                let typed = posted.0.take(&value_field(&asked.name));
                (asked.name, typed)
            })
            .collect();
        app.engine
            .type_own_credential(&member, &name, &user, &values)
            .await
    } else {
        let import = read(&mut posted);
        match (import, member.clone().admin()) {
            (Ok(import), Some(admin)) => app.engine.import_credential(&admin, &name, &user, &import).await,
            (Err(errors), Some(_)) => Err(errors.into()),
            (_, None) => return Err(WebError::Forbidden),
        }
    };
    let result = result.map(|()| Go::to(format!("/setup/connections/{name}")).done(Done::Connected));
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, &member, &name, &user, form)
    })
    .await
}

/// Tokens of the form; at least one.
fn read(posted: &mut Posted) -> Result<Import, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut token = |name: &str| {
        let text = posted.0.take(name);
        let read = (!text.trim().is_empty()).then(|| Token::read(text));
        read.and_then(|read| read.map_err(|error| errors.add(name, error)).ok())
    };
    let (access, refresh) = (token("access_token"), token("refresh_token"));
    let typed = posted.0.get("expires_in").trim();
    let expires_in = match typed {
        "" => None,
        typed => match typed.parse::<u32>() {
            Ok(seconds) if (1..=315_360_000).contains(&seconds) => Some(seconds),
            _ => {
                errors.add("expires_in", "Type the number of seconds, from 1 to 315360000.");
                None
            }
        },
    };
    let tokens = Tokens::of(access, refresh);
    if tokens.is_none() && errors.is_empty() {
        errors.add("access_token", "Paste an access token, a refresh token or both.");
    }
    match tokens {
        Some(tokens) if errors.is_empty() => Ok(Import {
            tokens,
            expires_in,
            scopes: None,
            account: None,
        }),
        _ => Err(errors),
    }
}

async fn page(
    app: &App,
    viewer: &Viewer,
    member: &Member,
    name: &LinkName,
    user: &Principal,
    form: Form,
) -> Result<Page, WebError> {
    let detail = app.engine.connection(member, name).await?;
    let definition = &detail.service.input.definition;
    let wanted = match definition.obtained() {
        Obtained::Typed => Wanted::Values(definition.asked()),
        Obtained::Consent | Obtained::Request if member.role.administers() => Wanted::Tokens,
        Obtained::Consent | Obtained::Request => return Err(WebError::Forbidden),
    };
    let body = CredentialsPage {
        form,
        service: service_name(&detail.service),
        wanted,
        replaces: has(&detail, user),
        user: named(member, user),
        name: detail.connection.name,
        link_name: detail.connection.link_name,
    };
    let chrome = Some(viewer.chrome(member).await?);
    let title = match &body.wanted {
        Wanted::Values(_) => "Enter credentials",
        Wanted::Tokens => "Import tokens",
    };
    Ok(Page {
        title: title.into(),
        chrome,
        notice: None,
        body: Body::Credentials(body),
    })
}

fn has(detail: &ConnectionDetail, user: &Principal) -> bool {
    match user {
        Principal::Organization => detail.connection.credential.is_some(),
        user => detail.people.iter().any(|person| person.principal == *user),
    }
}

fn named(member: &Member, user: &Principal) -> Option<CredentialUser> {
    let name = match user {
        Principal::Organization => return None,
        Principal::Member(id) if *id == member.user => member.name.clone(),
        other => other.name(),
    };
    Some(CredentialUser {
        user: user.name(),
        name,
    })
}
