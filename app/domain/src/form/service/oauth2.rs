//! The fields of OAuth 2.0.

use crate::{
    pairs::Line,
    service::{
        OAuth2,
        check::NO_AUTHORIZE_URL,
        oauth2::{
            GrantType, Options,
            options::{Answer, Assertion, Authorize, Identity, Refresh, Revoke, Token},
        },
    },
    url::ProviderUrl,
    url_template::UrlTemplate,
};

use super::{Check, Print, line, optional_line};

/// The longest life that can be typed: ten years, in seconds.
const LONGEST_LIFE: u32 = 315_360_000;

/// Parameters that are set for each consent: sent twice, a provider could take the wrong one.
const RESERVED: [&str; 8] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "state",
    "scope",
    "code_challenge",
    "code_challenge_method",
    "client_secret",
];

pub(super) fn read(check: &mut Check<'_>) -> Option<OAuth2> {
    let grant_type = check.choice("grant_type");
    let param_type = check.choice("param_type");
    let client_id = line(check, "client_id", "client ID", 500);
    let (authorize_url, fragment) = authorize_url(check, grant_type);
    let access_token_url = check.required("access_token_url");
    let refresh_token_url = check.optional("refresh_token_url");
    let revoke_token_url = check.optional("revoke_token_url");
    let scope_delimiter = check.choice("scope_delimiter");
    let options = options(check, fragment);
    Some(OAuth2 {
        grant_type,
        param_type,
        client_id: client_id?,
        authorize_url,
        access_token_url: access_token_url?,
        refresh_token_url,
        revoke_token_url,
        scope_delimiter,
        options,
    })
}

/// The authorize URL, and what stands behind `#` in it where that is a route of an application in the browser.
fn authorize_url(check: &mut Check<'_>, grant_type: GrantType) -> (Option<UrlTemplate>, Option<Line>) {
    let typed = check.fields().get("authorize_url");
    if typed.trim().is_empty() {
        if grant_type.has_consent() {
            check.error("authorize_url", NO_AUTHORIZE_URL);
        }
        return (None, None);
    }
    let (before, route) = match typed.split_once("#/") {
        Some((before, route)) => (before, format!("/{route}").parse().ok()),
        None => (typed, None),
    };
    match before.parse::<UrlTemplate>() {
        Ok(url) => {
            if let Some(name) = reserved_parameter(&url) {
                let sentence = format!("Leave out the parameter {name}: it is set for each consent.");
                check.error("authorize_url", sentence);
            }
            (Some(url), route)
        }
        Err(error) => {
            check.error("authorize_url", error);
            (None, None)
        }
    }
}

fn reserved_parameter(url: &UrlTemplate) -> Option<String> {
    let (_, query) = url.as_str().split_once('?')?;
    form_urlencoded::parse(query.as_bytes())
        .map(|(name, _)| name.into_owned())
        .find(|name| RESERVED.contains(&name.as_str()))
}

fn options(check: &mut Check<'_>, fragment: Option<Line>) -> Options {
    let issuer: Option<ProviderUrl> = check.optional("issuer");
    // Compared letter by letter (RFC 9207 section 2.4), so kept as typed, not as a parser would print it.
    let issuer = issuer.map(|_| check.fields().get("issuer").trim_matches(' ').to_owned());
    let identity_field = optional_line(check, "identity_field", "account field", 100);
    Options {
        client_authentication: check.choice("client_authentication"),
        pkce: check.fields().get("pkce") != "off",
        issuer,
        rotation: check.choice("rotation"),
        refresh_kills_old_access: check.fields().has("refresh_kills_old_access"),
        identity_url: check.optional("identity_url"),
        identity_field: identity_field.unwrap_or_else(|| Options::default().identity_field),
        header_name: check.optional("header_name"),
        header_prefix: check.optional("header_prefix"),
        query_name: check.optional("query_name"),
        parameter_names: check.choice("parameter_names"),
        audience: check.optional("audience"),
        resource: check.optional("resource"),
        authorize: authorize(check, fragment),
        token: token(check),
        refresh: Refresh {
            by: check.choice("refresh_by"),
            method: check.optional("refresh_method"),
            parameters: check.choice("refresh_parameters"),
        },
        answer: answer(check),
        revoke: revoke(check),
        identity: Identity {
            keep: check.choice("identity_keep"),
        },
        assertion: assertion(check),
    }
}

fn authorize(check: &mut Check<'_>, fragment: Option<Line>) -> Authorize {
    let authorize = Authorize {
        parameters: check.choice("authorize_parameters"),
        response_type: check.optional("response_type"),
        raw_scope: check.fields().has("raw_scope"),
        second_scope_parameter: check.optional("second_scope_parameter"),
        redirect_value: check.optional("redirect_value"),
        fragment,
        code_parameter: check.optional("code_parameter"),
        keep: check.choice("authorize_keep"),
        callback_hmac: check.fields().has("callback_hmac"),
    };
    if let Some(name) = RESERVED
        .iter()
        .find(|name| authorize.parameters.get(name).is_some())
    {
        let sentence = format!(
            "Leave out {name}: it is set for each consent. Its name can be changed under Parameter names."
        );
        check.error("authorize_parameters", sentence);
    }
    authorize
}

fn token(check: &mut Check<'_>) -> Token {
    Token {
        method: check.choice("token_method"),
        body: check.choice("token_body"),
        parameters: check.choice("token_parameters"),
        headers: check.choice("token_headers"),
        grant_name: check.optional("grant_name"),
        exchange_url: check.optional("exchange_url"),
        exchange_parameters: check.choice("exchange_parameters"),
        introspection_url: check.optional("introspection_url"),
    }
}

fn answer(check: &mut Check<'_>) -> Answer {
    Answer {
        access_token: check.optional("answer_access_token"),
        refresh_token: check.optional("answer_refresh_token"),
        expires_in: check.optional("answer_expires_in"),
        expires_unit: check.choice("answer_expires_unit"),
        expires_at: check.optional("answer_expires_at"),
        lifetime: lifetime(check),
        scope: check.optional("answer_scope"),
        success: check.optional("answer_success"),
        error: check.optional("answer_error"),
        error_description: check.optional("answer_error_description"),
        keep: check.choice("answer_keep"),
    }
}

fn lifetime(check: &mut Check<'_>) -> Option<u32> {
    let typed = check.fields().get("answer_lifetime").trim();
    if typed.is_empty() {
        return None;
    }
    match typed.parse() {
        Ok(seconds) if (1..=LONGEST_LIFE).contains(&seconds) => Some(seconds),
        _ => {
            check.error(
                "answer_lifetime",
                "Type the number of seconds, from 1 to 315360000 (ten years).",
            );
            None
        }
    }
}

fn revoke(check: &mut Check<'_>) -> Revoke {
    Revoke {
        method: check.choice("revoke_method"),
        body: check.choice("revoke_body"),
        authorization: check.choice("revoke_authorization"),
        header: check.optional("revoke_header"),
        token_parameter: check.optional("revoke_token_parameter"),
        no_hint: check.fields().has("revoke_no_hint"),
    }
}

fn assertion(check: &mut Check<'_>) -> Assertion {
    Assertion {
        algorithm: check.choice("assertion_algorithm"),
        key_id: check.optional("assertion_key_id"),
        thumbprint: check.optional("assertion_thumbprint"),
        audience: check.optional("assertion_audience"),
        issuer: check.optional("assertion_issuer"),
        subject: check.optional("assertion_subject"),
    }
}

pub(super) fn print(print: &mut Print, oauth2: &OAuth2) {
    let options = &oauth2.options;
    print.text("grant_type", oauth2.grant_type.word());
    print.text("param_type", oauth2.param_type.word());
    print.text("client_id", &oauth2.client_id);
    let fragment = options.authorize.fragment.as_ref();
    let route = fragment
        .map(|fragment| format!("#{fragment}"))
        .unwrap_or_default();
    let authorize_url = oauth2.authorize_url.as_ref().map(|url| format!("{url}{route}"));
    print.optional("authorize_url", authorize_url.as_ref());
    print.text("access_token_url", &oauth2.access_token_url);
    print.optional("refresh_token_url", oauth2.refresh_token_url.as_ref());
    print.optional("revoke_token_url", oauth2.revoke_token_url.as_ref());
    print.text("scope_delimiter", oauth2.scope_delimiter.word());
    print.text("client_authentication", options.client_authentication.word());
    print.text("pkce", if options.pkce { "on" } else { "off" });
    print.optional("issuer", options.issuer.as_ref());
    print.text("rotation", options.rotation.word());
    print.tick("refresh_kills_old_access", options.refresh_kills_old_access);
    print.optional("identity_url", options.identity_url.as_ref());
    print.text("identity_field", &options.identity_field);
    print.optional("header_name", options.header_name.as_ref());
    print.optional("header_prefix", options.header_prefix.as_ref());
    print.optional("query_name", options.query_name.as_ref());
    print.text("parameter_names", &options.parameter_names);
    print.optional("audience", options.audience.as_ref());
    print.optional("resource", options.resource.as_ref());
    print_requests(print, options);
    print_answers(print, options);
}

fn print_requests(print: &mut Print, options: &Options) {
    let Options {
        authorize,
        token,
        refresh,
        revoke,
        assertion,
        ..
    } = options;
    print.text("authorize_parameters", &authorize.parameters);
    print.optional("response_type", authorize.response_type.as_ref());
    print.tick("raw_scope", authorize.raw_scope);
    print.optional(
        "second_scope_parameter",
        authorize.second_scope_parameter.as_ref(),
    );
    print.optional("redirect_value", authorize.redirect_value.as_ref());
    print.optional("code_parameter", authorize.code_parameter.as_ref());
    print.text("authorize_keep", &authorize.keep);
    print.tick("callback_hmac", authorize.callback_hmac);
    print.text("token_method", token.method.word());
    print.text("token_body", token.body.word());
    print.text("token_parameters", &token.parameters);
    print.text("token_headers", &token.headers);
    print.optional("grant_name", token.grant_name.as_ref());
    print.optional("exchange_url", token.exchange_url.as_ref());
    print.text("exchange_parameters", &token.exchange_parameters);
    print.optional("introspection_url", token.introspection_url.as_ref());
    print.text("refresh_by", refresh.by.word());
    print.text("refresh_method", refresh.method.map_or("", |verb| verb.word()));
    print.text("refresh_parameters", &refresh.parameters);
    print.text("revoke_method", revoke.method.word());
    print.text("revoke_body", revoke.body.word());
    print.text("revoke_authorization", revoke.authorization.word());
    print.optional("revoke_header", revoke.header.as_ref());
    print.optional("revoke_token_parameter", revoke.token_parameter.as_ref());
    print.tick("revoke_no_hint", revoke.no_hint);
    print.text("assertion_algorithm", assertion.algorithm.word());
    print.optional("assertion_key_id", assertion.key_id.as_ref());
    print.optional("assertion_thumbprint", assertion.thumbprint.as_ref());
    print.optional("assertion_audience", assertion.audience.as_ref());
    print.optional("assertion_issuer", assertion.issuer.as_ref());
    print.optional("assertion_subject", assertion.subject.as_ref());
}

fn print_answers(print: &mut Print, options: &Options) {
    let Options { answer, identity, .. } = options;
    print.optional("answer_access_token", answer.access_token.as_ref());
    print.optional("answer_refresh_token", answer.refresh_token.as_ref());
    print.optional("answer_expires_in", answer.expires_in.as_ref());
    print.text("answer_expires_unit", answer.expires_unit.word());
    print.optional("answer_expires_at", answer.expires_at.as_ref());
    print.optional("answer_lifetime", answer.lifetime.as_ref());
    print.optional("answer_scope", answer.scope.as_ref());
    print.optional("answer_success", answer.success.as_ref());
    print.optional("answer_error", answer.error.as_ref());
    print.optional("answer_error_description", answer.error_description.as_ref());
    print.text("answer_keep", &answer.keep);
    print.text("identity_keep", &identity.keep);
}
