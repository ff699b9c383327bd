//! What answers look like, and what calls carry.

use domain::service::{calls::LimitKind, oauth2::options::Unit};

use super::knob::{Group, Knob, words_of};
use crate::islands::check::Kind;

pub(super) const ANSWER: Group = Group {
    title: "Answer",
    about: "Where things stand in the answers of the token URL. A place is written with dots: data.access_token.",
    types: "oauth2",
    knobs: &[
        place(
            "answer_access_token",
            "Access token member",
            "Where it stands, if not in access_token.",
            "authed_user.access_token",
        ),
        place(
            "answer_refresh_token",
            "Refresh token member",
            "Where it stands, if not in refresh_token.",
            "data.refresh_token",
        ),
        place(
            "answer_expires_in",
            "Lifetime member",
            "Where it stands, if not in expires_in.",
            "data.expires_in",
        ),
        Knob::choice(
            "answer_expires_unit",
            "Lifetime unit",
            "What the lifetime is counted in.",
            words_of!(Unit),
        ),
        place(
            "answer_expires_at",
            "End member",
            "Where the moment itself stands: a date with time, or seconds or milliseconds since 1970.",
            "expires_at",
        ),
        Knob::line(
            "answer_lifetime",
            "Usual lifetime",
            "Seconds until a token ends, where answers do not tell.",
            "3600",
        ),
        place(
            "answer_scope",
            "Scopes member",
            "Where they stand, if not in scope.",
            "authed_user.scope",
        ),
        Knob::checked(
            "answer_success",
            "Success sign",
            "What an answer says that means success, whatever its status.",
            "ok=true",
            Kind::Predicate,
        ),
        place(
            "answer_error",
            "Error member",
            "Where it stands, if not in error.",
            "errors.0.code",
        ),
        place(
            "answer_error_description",
            "Error words member",
            "Where they stand, if not in error_description.",
            "message",
        ),
        Knob::lines(
            "answer_keep",
            "Kept from the answer",
            "Our name and the place, one pair a line. The value can then stand in URLs as {instance_url}.",
            "instance_url=instance_url",
            Kind::Members,
        ),
    ],
};

pub(super) const ACCOUNT: Group = Group {
    title: "Account",
    about: "How the connection learns whose account it is.",
    types: "oauth2 oauth1",
    knobs: &[
        Knob::checked(
            "identity_url",
            "Identity URL",
            "A GET that tells whose account was connected.",
            "https://api.example.com/me",
            Kind::UrlTemplate,
        ),
        Knob::checked(
            "identity_field",
            "Account field",
            "The member of its answer that names the account, such as email or user.name.",
            "email",
            Kind::Member,
        )
        .usually("email"),
        Knob::lines(
            "identity_keep",
            "Kept from the identity",
            "Our name and the place, one pair a line. Without the value there is no connection.",
            "dc=dc",
            Kind::Members,
        )
        .only("oauth2"),
    ],
};

pub(super) const PLACEMENT: Group = Group {
    title: "Placement on calls",
    about: "Where the credential travels, and what every call carries beside it.",
    types: "oauth2 oauth1 api_key basic",
    knobs: &[
        Knob::checked(
            "header_name",
            "Header name",
            "The header that carries the token, where it is not Authorization.",
            "X-Shopify-Access-Token",
            Kind::PairName,
        )
        .only("oauth2"),
        Knob::line(
            "header_prefix",
            "Header prefix",
            "What stands before the token, where it is not Bearer; none for nothing.",
            "Zoho-oauthtoken",
        )
        .only("oauth2"),
        Knob::checked(
            "query_name",
            "Query name",
            "The parameter that carries the token, where it is not access_token.",
            "token",
            Kind::PairName,
        )
        .only("oauth2"),
        Knob::lines(
            "call_headers",
            "Extra headers",
            "Sent with every call, one name=value a line. Values of the connection may stand in them.",
            "Notion-Version=2022-06-28\nxero-tenant-id={tenant}",
            Kind::Pairs,
        ),
        Knob::lines(
            "call_parameters",
            "Fixed parameters",
            "Added to the query of every call, one name=value a line.",
            "api-version=7.1",
            Kind::Pairs,
        ),
    ],
};

pub(super) const LIMITS: Group = Group {
    title: "Limits",
    about: "How the provider says that calls come too fast, and that a token has ended.",
    types: "oauth2 oauth1 api_key basic",
    knobs: &[
        Knob::checked(
            "limit_header",
            "Limit header",
            "The header that tells when a limit ends, where it is not Retry-After.",
            "x-ratelimit-reset",
            Kind::PairName,
        ),
        Knob::choice(
            "limit_kind",
            "It holds",
            "What stands in that header.",
            words_of!(LimitKind),
        ),
        Knob::line(
            "refused_statuses",
            "Refused statuses",
            "Statuses that mean that the token has ended, beside 401.",
            "403 498",
        ),
    ],
};

const fn place(name: &'static str, label: &'static str, help: &'static str, example: &'static str) -> Knob {
    Knob::checked(name, label, help, example, Kind::Member)
}
