//! Requests of OAuth 2.0: to consent, for tokens, and to end them.

use domain::service::oauth2::{
    ClientAuthentication, Rotation,
    options::{Encoding, RefreshBy, RevokeAuthorization, RevokeVerb, Verb},
};

use super::knob::{Group, Knob, words_of};
use crate::islands::check::Kind;

pub(super) const AUTHORIZE: Group = Group {
    title: "Authorize request",
    about: "What the browser carries to the provider, and what comes back with it.",
    types: "oauth2",
    knobs: &[
        Knob::lines(
            "authorize_parameters",
            "Further authorize parameters",
            "Sent beside the standard's, one name=value a line. {nonce} is a new random text each time.",
            "access_type=offline\nprompt=consent",
            Kind::Pairs,
        ),
        Knob::choice(
            "pkce",
            "PKCE",
            "Off only for providers that refuse parameters they do not know.",
            || vec![("on", "On"), ("off", "Off")],
        ),
        Knob::checked(
            "issuer",
            "Issuer",
            "Where set, an answer that does not name it is refused (RFC 9207).",
            "https://accounts.example.com",
            Kind::Url,
        ),
        Knob::line(
            "response_type",
            "Response type",
            "What is asked for; a code where this is empty.",
            "code",
        ),
        Knob::lines(
            "parameter_names",
            "Parameter names",
            "What the provider calls parameters of the standard, in every request. Nothing behind = leaves one out.",
            "client_id=client_key",
            Kind::OtherNames,
        ),
        Knob::checked(
            "second_scope_parameter",
            "Second scope parameter",
            "Scopes written as user_scope=search:read go into a list of their own, as Slack wants it.",
            "user_scope",
            Kind::PairName,
        ),
        Knob::tick(
            "raw_scope",
            "Scopes travel as they are typed",
            "Without percent-encoding of colons, slashes, commas and plus signs.",
        ),
        Knob::checked(
            "redirect_value",
            "Redirect name",
            "Sent in place of the redirect URL, for providers that give it a name (eBay's RuName).",
            "Acme-AcmeApp-PRD-1a2b3c",
            Kind::Template,
        ),
        Knob::checked(
            "code_parameter",
            "Code parameter",
            "The parameter of the answer that holds the code, where it is not called code.",
            "spapi_oauth_code",
            Kind::PairName,
        ),
        Knob::lines(
            "authorize_keep",
            "Kept from the callback",
            "Our name and the parameter's, one pair a line. The value can then stand in URLs as {realm_id}.",
            "realm_id=realmId",
            Kind::PairNames,
        ),
        Knob::tick(
            "callback_hmac",
            "The callback is signed with an hmac",
            "It must be right for the answer to be taken, as with Shopify.",
        ),
        Knob::checked(
            "audience",
            "Audience",
            "For whom tokens are meant; sent with each request (Auth0, Atlassian).",
            "api.atlassian.com",
            Kind::Template,
        ),
        Knob::checked(
            "resource",
            "Resource",
            "What tokens are good for (RFC 8707); sent with each request.",
            "https://mcp.example.com/",
            Kind::Template,
        ),
    ],
};

pub(super) const TOKEN: Group = Group {
    title: "Token request",
    about: "How the server asks for tokens.",
    types: "oauth2",
    knobs: &[
        Knob::choice(
            "client_authentication",
            "Client authentication",
            "How client ID and secret are sent. Signing needs a private key, whose field then stands above.",
            words_of!(ClientAuthentication),
        ),
        Knob::choice(
            "token_method",
            "Token method",
            "GET puts parameters into the query.",
            words_of!(Verb),
        ),
        Knob::choice(
            "token_body",
            "Token body",
            "How parameters are written.",
            words_of!(Encoding),
        ),
        Knob::line(
            "grant_name",
            "Grant name",
            "Where the provider has a name of its own for the grant, as Zoom has.",
            "account_credentials",
        ),
        Knob::lines(
            "token_parameters",
            "Further token parameters",
            "Sent beside the standard's, one name=value a line.",
            "account_id={account_id}",
            Kind::Pairs,
        ),
        Knob::lines(
            "token_headers",
            "Further token headers",
            "Sent with every token request, one name=value a line.",
            "Accept=application/json",
            Kind::Pairs,
        ),
        Knob::checked(
            "exchange_url",
            "Second exchange URL",
            "Where the first token becomes one that lives long (Facebook, Instagram, Threads).",
            "https://graph.facebook.com/oauth/access_token",
            Kind::UrlTemplate,
        ),
        Knob::checked(
            "introspection_url",
            "Introspection URL",
            "Where a token's end can be asked, for providers whose answers do not tell (RFC 7662).",
            "https://login.salesforce.com/services/oauth2/introspect",
            Kind::UrlTemplate,
        ),
        Knob::lines(
            "exchange_parameters",
            "Second exchange parameters",
            "One name=value a line; {access_token} is the first token.",
            "grant_type=fb_exchange_token\nfb_exchange_token={access_token}",
            Kind::Pairs,
        ),
    ],
};

pub(super) const REFRESH: Group = Group {
    title: "Refresh",
    about: "How an access token is renewed, and what that does to the old one.",
    types: "oauth2",
    knobs: &[
        Knob::choice(
            "refresh_by",
            "Renewed with",
            "What is sent for another access token.",
            words_of!(RefreshBy),
        ),
        Knob::choice(
            "rotation",
            "Refresh token",
            "What using it does to it. Decides what is safe when an answer is lost.",
            words_of!(Rotation),
        ),
        Knob::tick(
            "refresh_kills_old_access",
            "A refresh ends the old access token at once",
            "Callers then wait for the new one.",
        ),
        Knob::choice(
            "refresh_method",
            "Refresh method",
            "Of the refresh request alone.",
            || {
                vec![
                    ("", "As for tokens"),
                    ("POST", "POST"),
                    ("GET", "GET"),
                    ("PUT", "PUT"),
                ]
            },
        ),
        Knob::lines(
            "refresh_parameters",
            "Further refresh parameters",
            "One name=value a line; a name of the standard replaces what would stand there.",
            "scope={scopes}",
            Kind::Pairs,
        ),
    ],
};

pub(super) const REVOKE: Group = Group {
    title: "Revoke",
    about: "How a grant is withdrawn at the provider; only with a revoke token URL.",
    types: "oauth2",
    knobs: &[
        Knob::choice(
            "revoke_method",
            "Revoke method",
            "Of the revoke request.",
            words_of!(RevokeVerb),
        ),
        Knob::choice(
            "revoke_body",
            "Revoke body",
            "How parameters are written.",
            words_of!(Encoding),
        ),
        Knob::choice(
            "revoke_authorization",
            "Who asks",
            "What the request is authorized with.",
            words_of!(RevokeAuthorization),
        ),
        Knob::checked(
            "revoke_header",
            "Revoke authorization header",
            "Where it is none of these, as with Square.",
            "Client {client_secret}",
            Kind::Template,
        ),
        Knob::checked(
            "revoke_token_parameter",
            "Revoke token parameter",
            "What holds the token, where it is not called token.",
            "access_token",
            Kind::PairName,
        ),
        Knob::tick(
            "revoke_no_hint",
            "Leave out token_type_hint",
            "For providers that refuse parameters they do not know.",
        ),
    ],
};
