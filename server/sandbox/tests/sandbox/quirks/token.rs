//! Demands on the requests to the token endpoint.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{CALLBACK, Demanding, Form, exchange, refresh, status_and_body};
use crate::support::text;

/// One way to send a token request.
#[derive(Clone, Copy)]
pub(crate) struct Way {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) carrier: &'static str,
    pub(crate) basic: Option<&'static str>,
    pub(crate) rules: &'static [&'static str],
}

pub(crate) const PLAIN: Way = Way {
    method: "POST",
    path: "/token",
    carrier: "form",
    basic: None,
    rules: &[],
};

impl Way {
    pub(crate) async fn send(&self, client: &Demanding, form: Form) -> Response {
        let form = form.changed(self.rules);
        let method: Method = self.method.parse().unwrap();
        let join = if self.path.contains('?') { '&' } else { '?' };
        let mut request = match self.carrier {
            "query" => client.request(method, &format!("{}{join}{}", self.path, form.urlencoded())),
            "json" => client
                .request(method, self.path)
                .header(CONTENT_TYPE, "application/json")
                .body(form.json()),
            _ => client
                .request(method, self.path)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.urlencoded()),
        };
        if let Some(pair) = self.basic {
            request = request.header(AUTHORIZATION, format!("Basic {}", STANDARD.encode(pair)));
        }
        request.send().await.unwrap()
    }
}

const NO_SECRET: &[&str] = &["-client_secret"];
const NO_CLIENT: &[&str] = &["-client_secret", "-client_id"];

/// Quirks, a way that meets the demand, and its name. They hold for the code and for the refresh.
fn demands() -> Vec<(Value, Way, &'static str)> {
    let tenant = "/tenants/blue/token";
    vec![
        (
            json!({"auth": "basic"}),
            Way {
                basic: Some("acme:s3cret"),
                rules: NO_SECRET,
                ..PLAIN
            },
            "token.auth",
        ),
        (
            json!({"auth": "both"}),
            Way {
                basic: Some("acme:s3cret"),
                ..PLAIN
            },
            "token.auth",
        ),
        (
            json!({"auth": "none"}),
            Way {
                rules: NO_SECRET,
                ..PLAIN
            },
            "token.auth",
        ),
        (
            json!({"auth": "basic_secret"}),
            Way {
                basic: Some("s3cret:"),
                rules: NO_CLIENT,
                ..PLAIN
            },
            "token.auth",
        ),
        (
            json!({"auth": "basic_password"}),
            Way {
                basic: Some(":s3cret"),
                rules: NO_CLIENT,
                ..PLAIN
            },
            "token.auth",
        ),
        (
            json!({"body": "json"}),
            Way {
                carrier: "json",
                ..PLAIN
            },
            "token.body",
        ),
        (
            json!({"body": "query"}),
            Way {
                carrier: "query",
                ..PLAIN
            },
            "token.body",
        ),
        (
            json!({"method": "GET"}),
            Way {
                method: "GET",
                carrier: "query",
                ..PLAIN
            },
            "token.method",
        ),
        (
            json!({"method": "PUT"}),
            Way {
                method: "PUT",
                ..PLAIN
            },
            "token.method",
        ),
        (
            json!({"tenant": "blue"}),
            Way {
                path: tenant,
                ..PLAIN
            },
            "token.tenant",
        ),
    ]
}

#[tokio::test]
async fn what_meets_the_demand_is_granted_and_the_plain_request_is_refused() {
    for (quirks, way, demand) in demands() {
        let client = Demanding::start(json!({"token": quirks})).await;
        let code = client.code(&[]).await;
        let refused = PLAIN.send(&client, exchange(&code)).await;
        assert!(refused.status().is_client_error(), "{demand}");
        assert_eq!(client.unmet().as_deref(), Some(demand));
        let (status, tokens) = status_and_body(way.send(&client, exchange(&code)).await).await;
        assert_eq!(status, 200, "{demand}: {tokens}");

        let token = text(&tokens, "refresh_token");
        PLAIN.send(&client, refresh(token)).await;
        assert_eq!(client.unmet().as_deref(), Some(demand));
        let (status, tokens) = status_and_body(way.send(&client, refresh(token)).await).await;
        assert_eq!(status, 200, "{demand}: {tokens}");
    }
}

#[tokio::test]
async fn the_usual_ways_are_refused_to_those_who_agreed_on_one() {
    let client = Demanding::start(json!({"token": {"auth": "post"}})).await;
    let code = client.code(&[]).await;
    let basic = Way {
        basic: Some("acme:s3cret"),
        rules: NO_SECRET,
        ..PLAIN
    };
    assert_eq!(basic.send(&client, exchange(&code)).await.status(), 401);
    assert_eq!(client.unmet().as_deref(), Some("token.auth"));
    assert_eq!(PLAIN.send(&client, exchange(&code)).await.status(), 200);
}

#[tokio::test]
async fn a_wrong_secret_is_no_better_for_standing_in_the_right_place() {
    for (auth, basic, rules) in [
        ("post", None, &["client_secret=wrong"][..]),
        ("basic", Some("acme:wrong"), NO_SECRET),
        ("both", Some("acme:wrong"), &[]),
        ("both", Some("acme:s3cret"), &["client_secret=wrong"]),
        ("basic_secret", Some("wrong:"), NO_SECRET),
        ("basic_password", Some(":wrong"), NO_SECRET),
    ] {
        let client = Demanding::start(json!({"token": {"auth": auth}})).await;
        let way = Way {
            basic,
            rules,
            ..PLAIN
        };
        let (status, error) = status_and_body(way.send(&client, exchange("x")).await).await;
        assert_eq!(
            (status.as_u16(), text(&error, "error")),
            (401, "invalid_client"),
            "{auth}"
        );
    }
}

#[tokio::test]
async fn parameters_are_wanted_at_the_exchange_or_at_the_refresh() {
    let quirks = json!({"resource": "r", "token": {"parameters": {"request": "token"}, "refresh_parameters": {"scope": "a:read"}}});
    let client = Demanding::start(quirks).await;
    let code = client.code(&["resource=r"]).await;
    let send = async |form: Form, rules: &[&str]| {
        let response = client.post_form("/token", &form.changed(rules)).await;
        (client.unmet(), status_and_body(response).await)
    };
    let (unmet, _) = send(exchange(&code), &["request=token"]).await;
    assert_eq!(unmet.as_deref(), Some("resource"));
    let (unmet, _) = send(exchange(&code), &["resource=r"]).await;
    assert_eq!(unmet.as_deref(), Some("token.parameters"));
    let (_, (status, tokens)) = send(exchange(&code), &["resource=r", "request=token"]).await;
    assert_eq!(status, 200, "{tokens}");

    let token = text(&tokens, "refresh_token");
    let (unmet, _) = send(refresh(token), &["scope=a:read"]).await;
    assert_eq!(unmet.as_deref(), Some("resource"));
    let (unmet, _) = send(refresh(token), &["resource=r"]).await;
    assert_eq!(unmet.as_deref(), Some("token.refresh_parameters"));
    let (_, (status, tokens)) = send(refresh(token), &["resource=r", "scope=a:read"]).await;
    assert_eq!((status.as_u16(), text(&tokens, "scope")), (200, "a:read"));
}

#[tokio::test]
async fn names_and_the_place_of_the_redirect_uri_are_the_clients_own() {
    let quirks = json!({"client_id_parameter": "client_key", "redirect_uri_parameter": "redirect_url",
        "token": {"redirect_uri_in_query": true}});
    let client = Demanding::start(quirks).await;
    let ask: &[&str] = &["client_id>client_key", "redirect_uri>redirect_url"];
    let code = client.code(ask).await;
    let address = format!("/token?{}", Form::new(&[("redirect_url", CALLBACK)]).urlencoded());
    let mine = exchange(&code).changed(&["client_id>client_key", "-redirect_uri"]);

    for (path, form, demand) in [
        ("/token", exchange(&code), "client_id_parameter"),
        (
            "/token",
            mine.clone().with("redirect_url", CALLBACK),
            "token.redirect_uri_in_query",
        ),
        ("/token", mine.clone(), "token.redirect_uri_in_query"),
    ] {
        let refused = client.post_form(path, &form).await;
        assert!(refused.status().is_client_error(), "{demand}");
        assert_eq!(client.unmet().as_deref(), Some(demand));
    }
    assert_eq!(client.post_form(&address, &mine).await.status(), 200);

    let client = Demanding::start(json!({"redirect_uri_parameter": "redirect_url"})).await;
    let code = client.code(&["redirect_uri>redirect_url"]).await;
    client.post_form("/token", &exchange(&code)).await;
    assert_eq!(client.unmet().as_deref(), Some("redirect_uri_parameter"));
    let good = exchange(&code).renamed("redirect_uri", "redirect_url");
    assert_eq!(client.post_form("/token", &good).await.status(), 200);
}

#[tokio::test]
async fn refreshes_may_have_an_address_a_method_and_a_proof_of_their_own() {
    let quirks = json!({"separate_refresh": true, "refresh_method": "GET", "refresh_auth": "none"});
    let client = Demanding::start(json!({"token": quirks})).await;
    let tokens = client.tokens().await;
    let token = text(&tokens, "refresh_token");
    for (way, demand) in [
        (
            Way {
                rules: NO_SECRET,
                ..PLAIN
            },
            "token.method",
        ),
        (
            Way {
                method: "GET",
                carrier: "query",
                rules: NO_SECRET,
                ..PLAIN
            },
            "token.separate_refresh",
        ),
        (
            Way {
                method: "GET",
                carrier: "query",
                path: "/refresh",
                ..PLAIN
            },
            "token.auth",
        ),
    ] {
        way.send(&client, refresh(token)).await;
        assert_eq!(client.unmet().as_deref(), Some(demand));
    }
    let good = Way {
        method: "GET",
        carrier: "query",
        path: "/refresh",
        rules: NO_SECRET,
        ..PLAIN
    };
    assert_eq!(good.send(&client, refresh(token)).await.status(), 200);
    let code = client.code(&[]).await;
    let wrong = Way {
        path: "/refresh",
        ..PLAIN
    };
    assert_eq!(wrong.send(&client, exchange(&code)).await.status(), 400);
    assert_eq!(client.unmet().as_deref(), Some("token.separate_refresh"));
}

#[tokio::test]
async fn the_built_in_client_has_the_one_address_it_always_had() {
    let client = Demanding::start(json!({})).await;
    for path in ["/refresh", "/tenants/blue/token"] {
        let form = Form::new(&crate::support::refresh("x"));
        assert_eq!(client.post_form(path, &form).await.status(), 400, "{path}");
    }
    assert_eq!(
        client
            .request(Method::GET, "/token")
            .send()
            .await
            .unwrap()
            .status(),
        405
    );
}

#[tokio::test]
async fn a_tenant_may_have_an_address_for_refreshes_too() {
    let client = Demanding::start(json!({"token": {"tenant": "blue", "separate_refresh": true}})).await;
    let code = client.code(&[]).await;
    let token = Way {
        path: "/tenants/blue/token",
        ..PLAIN
    };
    let (_, tokens) = status_and_body(token.send(&client, exchange(&code)).await).await;
    let form = refresh(text(&tokens, "refresh_token"));
    for (path, demand) in [
        ("/tenants/blue/token", "token.separate_refresh"),
        ("/refresh", "token.tenant"),
        ("/tenants/red/refresh", "token.tenant"),
    ] {
        assert_eq!(client.post_form(path, &form).await.status(), 400, "{path}");
        assert_eq!(client.unmet().as_deref(), Some(demand), "{path}");
    }
    let good = client.post_form("/tenants/blue/refresh", &form).await;
    assert_eq!(good.status(), 200);
}
