use proptest::prelude::*;

use super::*;
use crate::call::invocation::Input;

type Render = fn(&Use) -> String;

const ALL: [(&str, Render); 7] = [
    ("curl", curl::render),
    ("fetch", javascript::fetch),
    ("JavaScript SDK", javascript::sdk),
    ("requests", python::requests),
    ("Python SDK", python::sdk),
    ("Rust", rust::render),
    ("Deluge", deluge::render),
];

fn usage(call: Option<Call>) -> Use {
    Use {
        user: None,
        server: "http://localhost:3000".into(),
        link_name: "zoom".parse().unwrap(),
        call,
    }
}

fn get(path: &str) -> Call {
    Call::new(Method::Get, &path.parse().unwrap(), &[], None)
}

fn post(text: &str) -> Call {
    let body = Body {
        content_type: "application/json".into(),
        text: text.into(),
    };
    Call::new(Method::Post, &"/items".parse().unwrap(), &[], Some(body))
}

#[test]
fn the_sample_request_goes_through_the_server() {
    let service: Definition = serde_json::from_str(
        r#"{"authentication": {"type": "oauth2", "client_id": "id", "authorize_url": "https://a.example/a",
            "access_token_url": "https://a.example/t"}, "api_base_url": "https://api.zoom.us/v2",
            "sample_request": {"path": "/users/me"}}"#,
    )
    .unwrap();
    let usage = Use::new("http://localhost:3000/", &"zoom".parse().unwrap(), &service);
    let proxied = "http://localhost:3000/api/v1/proxy/zoom/users/me";
    for (language, render) in [ALL[0], ALL[1], ALL[3], ALL[5]] {
        assert!(render(&usage).contains(proxied), "{language}: {}", render(&usage));
    }
    assert!(javascript::sdk(&usage).contains(r#"client.connection("zoom").get("/users/me")"#));
    assert!(python::sdk(&usage).contains(r#"client.connection("zoom").get("/users/me")"#));
    assert!(deluge::render(&usage).contains(r#"url :"http://localhost:3000/api/v1/invoke""#));
    for (language, render) in ALL {
        assert!(
            !render(&usage).contains("api.zoom.us"),
            "{language} leaves the API to the server"
        );
    }
}

#[test]
fn without_a_sample_request_the_credential_is_asked_for() {
    for (language, render) in ALL {
        let text = render(&usage(None));
        assert!(text.contains("The credential works until"), "{language}: {text}");
        assert!(
            !text.contains("access_token"),
            "{language} prints no token: {text}"
        );
    }
}

#[test]
fn every_snippet_names_the_key_and_holds_none() {
    for (language, render) in ALL {
        for text in [
            render(&usage(None)),
            render(&usage(Some(get("/me")))),
            render(&usage(Some(post("{}")))),
        ] {
            assert!(text.contains("CONNECTIONS_KEY"), "{language}: {text}");
            assert!(
                text.ends_with('\n') && !text.contains("\n\n\n"),
                "{language}: {text}"
            );
        }
    }
}

#[test]
fn the_user_is_named_in_every_language() {
    for call in [None, Some(get("/me")), Some(post("{}"))] {
        for (language, render) in ALL {
            let text = render(&usage(call.clone()).of("ada 'x' \"y\"".into()));
            let named = text.contains("ada 'x' \\\"y\\\"")
                || text.contains("ada+%27x%27+%22y%22")
                || text.contains(r#"ada '\''x'\'' "y""#)
                || text.contains(r#"\"user\":\"ada 'x' \\\"y\\\"\""#);
            assert!(named, "{language}: {text}");
        }
    }
}

#[test]
fn what_a_tool_would_read_as_a_pattern_is_encoded() {
    let query = [("a b".to_owned(), "ä&[1]".to_owned())];
    let call = Call::new(Method::Get, &"/x{y}[0]?q=`z`".parse().unwrap(), &query, None);
    assert_eq!(call.target(), "/x%7By%7D%5B0%5D?q=%60z%60&a+b=%C3%A4%26%5B1%5D");
}

#[test]
fn methods_in_every_language() {
    for method in Method::ALL {
        let call = Call::new(method, &"/x".parse().unwrap(), &[], None);
        for (language, render) in ALL {
            let text = render(&usage(Some(call.clone()))).to_ascii_lowercase();
            let word = method.word().to_ascii_lowercase();
            let bare = method == Method::Get && matches!(language, "curl" | "fetch");
            assert!(bare || text.contains(&word), "{language} {method}: {text}");
        }
    }
}

/// The JSON that Deluge would send: the literal behind `parameters:`.
fn sent_by_deluge(text: &str) -> Vec<u8> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("\tparameters:"))
        .unwrap();
    serde_json::from_str::<String>(line).unwrap().into_bytes()
}

proptest! {
    #[test]
    fn the_server_reads_what_deluge_sends(path in "/[!-\"$-\\[\\]-~]{0,20}", body in any::<String>()) {
        let Ok(path) = path.parse::<SamplePath>() else { return Ok(()) };
        let text = Body { content_type: "text/plain".into(), text: body.clone() };
        let call = Call::new(Method::Post, &path, &[], Some(text));
        let sent = sent_by_deluge(&deluge::render(&usage(Some(call.clone()))));
        let read = Input::read(&sent).unwrap().check().unwrap();
        prop_assert_eq!((read.url.as_str(), read.method), (call.target(), Method::Post));
        prop_assert_eq!(read.content.encode("b").unwrap(), ("text/plain".to_owned(), body.into_bytes()));
    }

    /// A text breaks out of its literal by ending a line or the literal; with its literals taken away a snippet is the
    /// same for every text.
    #[test]
    fn a_body_changes_nothing_but_its_literal(body in any::<String>()) {
        for (language, render) in ALL {
            let (plain, odd) = (render(&usage(Some(post("x")))), render(&usage(Some(post(&body)))));
            let literal = match language {
                "curl" => quote::shell(&body),
                "Rust" => quote::rust(&body),
                "Deluge" => continue,
                _ => quote::double(&body),
            };
            let known = if language == "curl" { "'x'" } else { "\"x\"" };
            prop_assert_eq!(odd.replacen(&literal, known, 1), plain, "{}", language);
        }
    }
}
