//! Every page in its states.
//!
//! # Layout
//! - [`doors`]: pages for people who are not signed in, the account, messages
//! - [`connections`], [`create`], [`detail`] with [`kinds`], [`services`] with [`define`], [`keys`]: Setup

use app::{Body, Form, Page};
use domain::form::{FieldErrors, Fields};

use crate::models::chrome;

mod connections;
pub(crate) mod create;
mod define;
pub(crate) mod detail;
mod doors;
mod keys;
pub(crate) mod kinds;
pub(crate) mod services;

/// Names and pages.
pub(crate) fn all() -> Vec<(&'static str, Page)> {
    let mut all = doors::all();
    all.extend(connections::all());
    all.extend(create::all());
    all.extend(detail::all());
    all.extend(kinds::all());
    all.extend(services::all());
    all.extend(define::all());
    all.extend(keys::all());
    all
}

fn page(title: &str, path: &str, body: Body) -> Page {
    Page {
        title: title.into(),
        chrome: chrome(path),
        notice: None,
        body,
    }
}

/// A form that was posted and refused.
fn refused(fields: Fields, errors: &[(&str, &str)]) -> Form {
    let mut found = FieldErrors::default();
    for (field, message) in errors {
        found.add(field, message);
    }
    Form {
        fields,
        errors: found,
        message: None,
    }
}
