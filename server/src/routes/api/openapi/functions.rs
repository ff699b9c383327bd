//! What functions call: credentials, invoke, proxy.

use super::operation::{Operation, Parameter};

const REFUSED: &[&str] = &[
    "invalid",
    "unknown_connection",
    "not_connected",
    "needs_reauthorization",
    "disabled",
    "revoked",
    "provider_error",
    "provider_unavailable",
    "rate_limited",
];

const CALL: &[&str] = &[
    "invalid",
    "host_not_allowed",
    "not_permitted",
    "unknown_connection",
    "not_connected",
    "needs_reauthorization",
    "disabled",
    "revoked",
    "too_large",
    "answer_too_large",
    "provider_error",
    "provider_unavailable",
    "rate_limited",
];

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        scope: "credentials:read",
        query: &[
            Parameter {
                kind: "integer",
                range: Some((0, 86_400)),
                ..Parameter::text(
                    "min_ttl",
                    "The least life of the credential in seconds; 60 where it is left out",
                )
            },
            Parameter::text(
                "user",
                "The user whose account to use, where the connection has such",
            ),
        ],
        answers: &[(200, "Credential")],
        problems: REFUSED,
        ..Operation::manage(
            "get",
            "/api/v1/connections/{link_name}/credentials",
            "read_credential",
            "Functions",
            "Get a fresh credential, ready to use",
        )
    },
    Operation {
        scope: "credentials:read",
        body: Some("ToSign"),
        answers: &[(200, "Signed")],
        problems: CALL,
        ..Operation::manage(
            "post",
            "/api/v1/connections/{link_name}/sign",
            "sign_request",
            "Functions",
            "Get a request signed (OAuth 1.0a) that you send yourself",
        )
    },
    Operation {
        scope: "invoke",
        body: Some("Invocation"),
        passes: true,
        problems: CALL,
        ..Operation::manage(
            "post",
            "/api/v1/invoke",
            "invoke",
            "Functions",
            "Have a call made, described with the names of Deluge's invokeurl",
        )
    },
    proxy("get", "proxy_get"),
    proxy("post", "proxy_post"),
    proxy("put", "proxy_put"),
    proxy("patch", "proxy_patch"),
    proxy("delete", "proxy_delete"),
];

const fn proxy(method: &'static str, id: &'static str) -> Operation {
    Operation {
        scope: "invoke",
        passes: true,
        problems: CALL,
        ..Operation::manage(
            method,
            "/api/v1/proxy/{link_name}/{path}",
            id,
            "Functions",
            "Have a call made: the path goes behind the service's API base URL, body and answer pass through",
        )
    }
}
