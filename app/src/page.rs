//! What a page consists of, whatever it shows.

use domain::{
    form::{FieldErrors, Fields},
    organization::Role,
};

use crate::pages::{
    account::AccountPage,
    api_docs::ApiDocsPage,
    message::MessagePage,
    setup::{
        connections::{
            authorize::AuthorizePage, create::CreateConnectionPage, credentials::CredentialsPage,
            detail::ConnectionPage, list::ConnectionsPage, new::PickServicePage,
        },
        keys::KeysPage,
        services::{detail::ServicePage, edit::EditServicePage, list::ServicesPage, new::NewServicePage},
    },
    sign_in::SignInPage,
    sign_up::SignUpPage,
};

/// One answer of the console.
pub struct Page {
    /// Of the document; the organization's name is put behind it.
    pub title: String,
    /// What stands around the page for somebody who is signed in.
    pub chrome: Option<Chrome>,
    /// What just happened.
    pub notice: Option<Notice>,
    /// The page itself.
    pub body: Body,
}

/// Who looks at the page, and where they are.
#[derive(Debug, Clone)]
pub struct Chrome {
    /// The organization's name.
    pub organization: String,
    /// The person's name.
    pub person: String,
    /// The person's address.
    pub email: String,
    /// What they may do: what they may not, no page offers.
    pub role: Role,
    /// The path of the request, without its query.
    pub path: String,
    /// How many connections need attention.
    pub attention: usize,
}

/// A sentence above the page.
#[derive(Debug, Clone)]
pub struct Notice {
    /// How it is meant.
    pub kind: NoticeKind,
    /// The sentence.
    pub text: String,
}

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Good,
    /// Something is to be known.
    Info,
    /// Something is to be looked at.
    Warn,
    /// Something failed.
    Bad,
}

/// What was typed into a form and what is wrong with it. The default is the form as it is first shown.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// As typed, secrets taken out; before the first post, what the form proposes.
    pub fields: Fields,
    /// By field.
    pub errors: FieldErrors,
    /// What is wrong with the form as a whole.
    pub message: Option<String>,
}

impl Form {
    /// A form that was not posted yet and proposes these values.
    #[must_use]
    pub fn proposing(fields: Fields) -> Self {
        Self {
            fields,
            ..Self::default()
        }
    }

    /// Whether it was posted and refused.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        self.message.is_some() || !self.errors.is_empty()
    }
}

/// Every page, with its model.
pub enum Body {
    /// `/sign-in`
    SignIn(SignInPage),
    /// `/sign-up`
    SignUp(SignUpPage),
    /// `/account`
    Account(AccountPage),
    /// `/setup/connections`
    Connections(ConnectionsPage),
    /// `/setup/connections/new`
    PickService(PickServicePage),
    /// `/setup/connections/new/{service}`
    CreateConnection(CreateConnectionPage),
    /// `/setup/connections/{link_name}`
    Connection(Box<ConnectionPage>),
    /// `/setup/connections/{link_name}/authorize`
    Authorize(AuthorizePage),
    /// `/setup/connections/{link_name}/credentials`
    Credentials(CredentialsPage),
    /// `/setup/services`
    Services(ServicesPage),
    /// `/setup/services/new`
    NewService(NewServicePage),
    /// `/setup/services/{link_name}`
    Service(Box<ServicePage>),
    /// `/setup/services/{link_name}/edit`
    EditService(EditServicePage),
    /// `/setup/keys`
    Keys(KeysPage),
    /// `/api/docs`
    ApiDocs(ApiDocsPage),
    /// Any path: an error, or a state that needs one sentence and one button.
    Message(MessagePage),
}
