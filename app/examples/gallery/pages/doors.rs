//! Pages for people who are not signed in, the account, and messages.

use app::{
    Body, Form, Page,
    pages::{
        account::AccountPage,
        message::{Action, MessagePage, Quote},
        sign_in::SignInPage,
        sign_up::SignUpPage,
    },
};
use domain::{form::Fields, organization::Role};

use super::{page, refused};

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let mut all = entrances();
    all.extend(messages());
    all
}

fn outside(title: &str, body: Body) -> Page {
    Page {
        chrome: None,
        ..page(title, "/", body)
    }
}

fn entrances() -> Vec<(&'static str, Page)> {
    let fresh = SignInPage {
        form: Form::default(),
        sign_up_open: true,
    };
    let wrong = SignInPage {
        form: Form {
            fields: Fields::default().with("email", "ada@example.com"),
            message: Some("Email and password do not belong together. Check both and try again.".into()),
            ..Form::default()
        },
        sign_up_open: false,
    };
    let sign_up = refused(
        Fields::default()
            .with("organization_name", "Acme Ltd")
            .with("email", "ada"),
        &[
            ("name", "This is missing."),
            ("email", "Type an email address such as ada@example.com."),
        ],
    );
    let account = AccountPage {
        name: "Ada Lovelace".into(),
        email: "ada@example.com".into(),
        organization: "Acme Ltd".into(),
        role: Role::Owner,
    };
    vec![
        ("sign-in", outside("Sign in", Body::SignIn(fresh))),
        ("sign-in-wrong", outside("Sign in", Body::SignIn(wrong))),
        (
            "sign-up",
            outside(
                "Create organization",
                Body::SignUp(SignUpPage {
                    form: Form::default(),
                }),
            ),
        ),
        (
            "sign-up-wrong",
            outside("Create organization", Body::SignUp(SignUpPage { form: sign_up })),
        ),
        ("account", page("Account", "/account", Body::Account(account))),
    ]
}

fn messages() -> Vec<(&'static str, Page)> {
    let missing = MessagePage {
        heading: "There is no such page".into(),
        sentences: vec!["The address may be misspelt, or what it named was deleted.".into()],
        quote: None,
        action: Some(Action {
            words: "Go to connections".into(),
            href: "/setup/connections".into(),
        }),
        other: None,
    };
    let declined = MessagePage {
        heading: "Zoom Meeting did not connect".into(),
        sentences: vec!["The provider answered that consent was declined. Nothing was stored.".into()],
        quote: Some(Quote {
            by: "Zoom Meeting".into(),
            words: "access_denied: The user denied the request <b>here</b>".into(),
        }),
        action: Some(Action {
            words: "Connect again".into(),
            href: "/setup/connections/zoom".into(),
        }),
        other: Some(Action {
            words: "Go to connections".into(),
            href: "/setup/connections".into(),
        }),
    };
    vec![
        (
            "message",
            outside("There is no such page", Body::Message(missing)),
        ),
        (
            "message-declined",
            page(
                "Zoom Meeting did not connect",
                "/oauth/callback",
                Body::Message(declined),
            ),
        ),
    ]
}
