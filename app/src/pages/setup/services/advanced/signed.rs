//! What is signed: assertions of OAuth 2.0, requests of OAuth 1.0a.

use domain::service::{oauth1::LegVerb, oauth2::options::Algorithm};

use super::knob::{Group, Knob, words_of};
use crate::islands::check::Kind;

pub(super) const ASSERTION: Group = Group {
    title: "Signed assertions",
    about: "What stands in a signed JWT: where the client signs, or where the grant is an assertion.",
    types: "oauth2",
    knobs: &[
        Knob::choice(
            "assertion_algorithm",
            "Algorithm",
            "It must fit the private key.",
            words_of!(Algorithm),
        ),
        Knob::line(
            "assertion_key_id",
            "Key ID",
            "kid in its header: which key the provider checks with.",
            "a1b2c3",
        ),
        Knob::line(
            "assertion_thumbprint",
            "Thumbprint",
            "x5t in its header: the certificate's, base64url of SHA-1 (Microsoft).",
            "NjVBRjY5MDlCMUIwNzU4RTA2QzZFMDQ4QzQ2MDAyQjVDNjk1RTM2Qg",
        ),
        Knob::checked(
            "assertion_audience",
            "Assertion audience",
            "aud: the issuer, or the token URL, where this is empty.",
            "https://login.example.com",
            Kind::Template,
        ),
        Knob::checked(
            "assertion_issuer",
            "Assertion issuer",
            "iss of the grant: the client ID where this is empty.",
            "{client_id}",
            Kind::Template,
        ),
        Knob::checked(
            "assertion_subject",
            "Assertion subject",
            "sub of the grant: the account to act for; as its issuer where this is empty.",
            "{user}",
            Kind::Template,
        ),
    ],
};

pub(super) const SIGNED_LEGS: Group = Group {
    title: "Signed requests",
    about: "What the requests for tokens, and the page where a person consents, need beyond the standard.",
    types: "oauth1",
    knobs: &[
        Knob::checked(
            "realm",
            "Realm",
            "Stands in the Authorization header (NetSuite).",
            "{account_id}",
            Kind::Template,
        ),
        Knob::choice(
            "request_method",
            "Request token method",
            "Of the first request.",
            words_of!(LegVerb),
        ),
        Knob::choice(
            "access_method",
            "Access token method",
            "Of the last request.",
            words_of!(LegVerb),
        ),
        Knob::line(
            "oauth1_scope_parameter",
            "Scope parameter",
            "The parameter of the authorize URL that holds scopes (Trello scope, Flickr perms).",
            "scope",
        ),
        Knob::lines(
            "oauth1_authorize_parameters",
            "Parameters of the authorize URL",
            "Sent beside the token, one name=value a line.",
            "expiration=never\nname=Acme",
            Kind::Pairs,
        ),
    ],
};
