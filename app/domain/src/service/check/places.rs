//! Every template of a definition, with the values that exist where it stands.

use crate::{
    form::FieldErrors,
    service::{Authentication, Definition, OAuth1, OAuth2},
    template::Template,
    url_template::UrlTemplate,
};

/// Values that are always there somewhere: no field and no kept value may have their names.
pub(super) const RESERVED: &[&str] = &[
    "access_token",
    "client_id",
    "client_secret",
    "nonce",
    "password",
    "redirect_uri",
    "refresh_token",
    "scopes",
    "token",
    "username",
    "value",
];

/// Which of a connection's own values exist at a place: each stage knows more.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// The connection's fields.
    Fields,
    /// And what was kept from the callback.
    Callback,
    /// And what was kept from the token's answer.
    Token,
    /// And what was kept from the identity request's answer.
    Identity,
}

/// Names of the values that a definition brings along, each with the form's field that names it.
pub(super) fn own_names(definition: &Definition) -> Vec<(&'static str, &str)> {
    staged(definition)
        .into_iter()
        .map(|(_, field, name)| (field, name))
        .collect()
}

fn staged(definition: &Definition) -> Vec<(Stage, &'static str, &str)> {
    let fields = definition
        .fields
        .iter()
        .map(|field| (Stage::Fields, "fields", field.name.as_str()));
    let mut all: Vec<_> = fields.collect();
    if let Authentication::OAuth2(oauth2) = &definition.authentication {
        let options = &oauth2.options;
        let callback = options
            .authorize
            .keep
            .iter()
            .map(|(name, _)| (Stage::Callback, "authorize_keep", name));
        let answer = options
            .answer
            .keep
            .iter()
            .map(|(name, _)| (Stage::Token, "answer_keep", name));
        let identity = options
            .identity
            .keep
            .iter()
            .map(|(name, _)| (Stage::Identity, "identity_keep", name));
        all.extend(callback.chain(answer).chain(identity));
    }
    all
}

/// The names of values that come from the provider.
pub(super) fn kept_names(definition: &Definition) -> Vec<&str> {
    let all = staged(definition).into_iter();
    all.filter(|(stage, ..)| *stage > Stage::Fields)
        .map(|(_, _, name)| name)
        .collect()
}

/// The places of a definition.
struct Reading<'a> {
    own: Vec<(Stage, &'static str, &'a str)>,
    errors: &'a mut FieldErrors,
}

/// Adds an error for each value in a template that does not exist there.
pub(super) fn unknown_values(definition: &Definition, errors: &mut FieldErrors) {
    let mut reading = Reading {
        own: staged(definition),
        errors,
    };
    match &definition.authentication {
        Authentication::OAuth2(oauth2) => reading.oauth2(oauth2),
        Authentication::OAuth1(oauth1) => reading.oauth1(oauth1),
        Authentication::ApiKey(keys) => {
            for parameter in &keys.parameters {
                reading.template("key_template", &parameter.template, Stage::Fields, &["value"]);
            }
        }
        Authentication::Basic(basic) => {
            reading.template(
                "basic_template",
                &basic.template,
                Stage::Fields,
                &["username", "password"],
            );
        }
    }
    reading.url(
        "api_base_url",
        definition.api_base_url.as_ref(),
        Stage::Identity,
        &[],
    );
    for host in &definition.allowed_hosts {
        reading.names("allowed_hosts", host.names(), Stage::Identity, &[]);
    }
    for (_, template) in definition.calls.headers.iter() {
        reading.template(
            "call_headers",
            template,
            Stage::Identity,
            &["client_id", "access_token"],
        );
    }
    for (_, template) in definition.calls.parameters.iter() {
        reading.template("call_parameters", template, Stage::Identity, &["client_id"]);
    }
}

/// What the client itself has.
const CLIENT: &[&str] = &["client_id", "client_secret", "redirect_uri", "scopes", "nonce"];
/// What a request about an existing token has.
const RENEWAL: &[&str] = &[
    "client_id",
    "client_secret",
    "redirect_uri",
    "scopes",
    "nonce",
    "access_token",
    "refresh_token",
];
/// What a URL of the client may hold.
const PUBLIC: &[&str] = &["client_id", "redirect_uri"];

impl<'a> Reading<'a> {
    fn oauth2(&mut self, oauth2: &'a OAuth2) {
        use Stage::{Callback, Fields, Identity, Token};
        let options = &oauth2.options;
        self.url("authorize_url", oauth2.authorize_url.as_ref(), Fields, PUBLIC);
        self.url(
            "access_token_url",
            Some(&oauth2.access_token_url),
            Callback,
            PUBLIC,
        );
        self.url(
            "refresh_token_url",
            oauth2.refresh_token_url.as_ref(),
            Identity,
            PUBLIC,
        );
        self.url(
            "revoke_token_url",
            oauth2.revoke_token_url.as_ref(),
            Identity,
            &["client_id", "token"],
        );
        self.url(
            "identity_url",
            options.identity_url.as_ref(),
            Token,
            &["client_id"],
        );
        self.url(
            "exchange_url",
            options.token.exchange_url.as_ref(),
            Callback,
            PUBLIC,
        );
        self.url(
            "introspection_url",
            options.token.introspection_url.as_ref(),
            Callback,
            PUBLIC,
        );
        self.optional("audience", options.audience.as_ref(), Fields, &[]);
        self.optional("resource", options.resource.as_ref(), Fields, &[]);
        self.optional(
            "redirect_value",
            options.authorize.redirect_value.as_ref(),
            Fields,
            &["redirect_uri"],
        );
        self.optional(
            "revoke_header",
            options.revoke.header.as_ref(),
            Identity,
            &["client_id", "client_secret", "token"],
        );
        self.optional(
            "assertion_audience",
            options.assertion.audience.as_ref(),
            Fields,
            &["client_id"],
        );
        self.optional(
            "assertion_issuer",
            options.assertion.issuer.as_ref(),
            Fields,
            &["client_id"],
        );
        self.optional(
            "assertion_subject",
            options.assertion.subject.as_ref(),
            Fields,
            &["client_id"],
        );
        for (_, template) in options.authorize.parameters.iter() {
            self.template(
                "authorize_parameters",
                template,
                Fields,
                &["client_id", "redirect_uri", "scopes", "nonce"],
            );
        }
        for (_, template) in options.token.parameters.iter() {
            self.template("token_parameters", template, Callback, CLIENT);
        }
        for (_, template) in options.token.headers.iter() {
            self.template("token_headers", template, Callback, CLIENT);
        }
        for (_, template) in options.token.exchange_parameters.iter() {
            self.template("exchange_parameters", template, Callback, RENEWAL);
        }
        for (_, template) in options.refresh.parameters.iter() {
            self.template("refresh_parameters", template, Identity, RENEWAL);
        }
    }

    fn oauth1(&mut self, oauth1: &'a OAuth1) {
        let options = &oauth1.options;
        for (field, url) in [
            ("request_token_url", &oauth1.request_token_url),
            ("authorize_url", &oauth1.authorize_url),
            ("access_token_url", &oauth1.access_token_url),
            ("identity_url", &options.identity_url),
        ] {
            self.url(field, url.as_ref(), Stage::Fields, &[]);
        }
        self.optional("realm", options.realm.as_ref(), Stage::Fields, &[]);
        for (_, template) in options.authorize_parameters.iter() {
            self.template(
                "oauth1_authorize_parameters",
                template,
                Stage::Fields,
                &["scopes"],
            );
        }
    }

    fn url(&mut self, field: &'static str, url: Option<&'a UrlTemplate>, stage: Stage, more: &[&str]) {
        if let Some(url) = url {
            self.names(field, url.names(), stage, more);
        }
    }

    fn optional(&mut self, field: &'static str, template: Option<&'a Template>, stage: Stage, more: &[&str]) {
        if let Some(template) = template {
            self.template(field, template, stage, more);
        }
    }

    fn template(&mut self, field: &'static str, template: &'a Template, stage: Stage, more: &[&str]) {
        self.names(field, template.names(), stage, more);
    }

    fn names<'n>(
        &mut self,
        field: &'static str,
        names: impl Iterator<Item = &'n str>,
        stage: Stage,
        more: &[&str],
    ) {
        for name in names {
            let own = self
                .own
                .iter()
                .filter(|(known, ..)| *known <= stage)
                .map(|(_, _, name)| *name);
            let known: Vec<&str> = own.chain(more.iter().copied()).collect();
            if !known.contains(&name) && self.errors.of(field).is_none() {
                let list = if known.is_empty() {
                    "No value exists here; add a connection field of that name.".to_owned()
                } else {
                    format!("Here there are: {}.", known.join(", "))
                };
                self.errors
                    .add(field, format!("There is no value {{{name}}} here. {list}"));
            }
        }
    }
}
