//! The pages, each at the path of its URL.

use domain::organization::Role;
use leptos::prelude::*;

use crate::page::Body;

pub mod account;
pub mod api_docs;
pub mod message;
pub mod setup;
pub mod sign_in;
pub mod sign_up;

/// The view of a page for somebody of this role; without one they see what a developer sees.
#[must_use]
pub fn view(body: Body, role: Option<Role>) -> AnyView {
    use setup::{connections, keys, services};
    let role = role.unwrap_or(Role::Developer);
    match body {
        Body::SignIn(page) => sign_in::view(page),
        Body::SignUp(page) => sign_up::view(page),
        Body::Account(page) => account::view(page),
        Body::Connections(page) => connections::list::view(page, role),
        Body::PickService(page) => connections::new::view(page),
        Body::CreateConnection(page) => connections::create::view(page),
        Body::Connection(page) => connections::detail::view(*page, role),
        Body::Authorize(page) => connections::authorize::view(page),
        Body::Credentials(page) => connections::credentials::view(page),
        Body::Services(page) => services::list::view(page, role),
        Body::NewService(page) => services::new::view(page),
        Body::Service(page) => services::detail::view(*page, role),
        Body::EditService(page) => services::edit::view(page),
        Body::Keys(page) => keys::view(page),
        Body::ApiDocs(page) => api_docs::view(page),
        Body::Message(page) => message::view(page),
    }
}
