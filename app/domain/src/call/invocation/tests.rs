use serde_json::json;

use super::*;

fn read(value: Value) -> Result<Invocation, FieldErrors> {
    Input::read(value.to_string().as_bytes())?.check()
}
fn good(value: Value) -> Invocation {
    read(value).unwrap_or_else(|errors| panic!("{errors:?}"))
}
fn wrong(value: Value) -> Vec<String> {
    read(value)
        .unwrap_err()
        .0
        .into_iter()
        .map(|error| error.field)
        .collect()
}
/// The order of a map depends on how the JSON library was built.
fn sorted(mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    pairs.sort();
    pairs
}
fn pair(name: &str, value: &str) -> (String, String) {
    (name.into(), value.into())
}

#[test]
fn parameters_go_where_invokeurl_sends_them() {
    let url = "https://api.example.com/users/{id}";
    let map = json!({"id": 7, "tag": ["a", "b"], "none": null, "on": true});
    let get = good(json!({"connection": "zoom", "url": url, "parameters": map}));
    assert_eq!(
        (get.method, get.url.as_str()),
        (Method::Get, "https://api.example.com/users/7")
    );
    assert_eq!(
        sorted(get.query),
        [pair("on", "true"), pair("tag", "a"), pair("tag", "b")]
    );
    assert_eq!(get.content, Content::None);

    let post = good(json!({"connection": "zoom", "url": url, "type": "post", "parameters": map}));
    assert!(post.query.is_empty());
    let Content::Form(form) = post.content else {
        panic!()
    };
    assert_eq!(
        sorted(form),
        [pair("on", "true"), pair("tag", "a"), pair("tag", "b")]
    );

    let text = good(json!({"connection": "zoom", "url": "/x", "type": "PUT", "parameters": "plain words"}));
    let Content::Raw { content_type, bytes } = text.content else {
        panic!()
    };
    assert_eq!(
        (content_type.as_str(), bytes.as_slice()),
        ("text/plain; charset=utf-8", b"plain words".as_slice())
    );
}

#[test]
fn bodies_and_files() {
    let kind = |value: Value| match good(value).content {
        Content::Raw { content_type, bytes } => (content_type, String::from_utf8(bytes).unwrap()),
        other => panic!("{other:?}"),
    };
    let base = |more: Value| {
        let mut all = json!({"connection": "zoom", "url": "/x", "type": "POST"});
        all.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        all
    };
    assert_eq!(
        kind(base(json!({"body": {"a": 1}}))),
        ("application/json".into(), "{\"a\":1}".into())
    );
    assert_eq!(
        kind(base(json!({"body": "{\"a\":1}"}))),
        ("application/json".into(), "{\"a\":1}".into())
    );
    assert_eq!(
        kind(base(json!({"body": "<a/>", "content-type": "text/xml"}))),
        ("text/xml".into(), "<a/>".into())
    );
    assert_eq!(
        kind(base(
            json!({"parameters": {"a": {"b": 1}}, "content-type": "application/json"})
        )),
        ("application/json".into(), "{\"a\":{\"b\":1}}".into())
    );
    let among_headers = json!({"parameters": "{\"a\":1}", "headers": {"Content-Type": "application/json"}});
    assert_eq!(
        kind(base(among_headers)),
        ("application/json".into(), "{\"a\":1}".into()),
        "as functions for invokeurl write it"
    );
    let beside = good(base(json!({"body": "x", "parameters": {"page": 2}})));
    assert_eq!(beside.query, [pair("page", "2")]);
    let file = json!({"name": "a.txt", "content-type": "text/plain", "content": "aGk="});
    let Content::Multipart { fields, files } =
        good(base(json!({"files": file, "parameters": {"note": "n"}}))).content
    else {
        panic!()
    };
    assert_eq!(
        (fields, files[0].bytes.as_slice(), files[0].field.as_str()),
        (vec![pair("note", "n")], b"hi".as_slice(), "file")
    );
}

#[test]
fn the_shape_of_the_answer() {
    let shape = good(json!({"connection": "zoom", "url": "/x", "detailed": "true", "response-format": "collection", "response-decoding": "ISO-8859-1"})).shape;
    let expected = Shape {
        detailed: true,
        format: Some(Format::Collection),
        decoding: Some("ISO-8859-1".into()),
    };
    assert_eq!(shape, expected);
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let fields = wrong(json!({
        "connection": "Zoom!", "url": "/u/{id}", "type": "BREW", "detailed": 3, "response-format": "XML",
        "headers": {"Host": "evil", "X-A": "a\r\nb", "X-B": {}}, "files": [{"name": "x", "content": "%"}],
    }));
    let expected = [
        "connection",
        "type",
        "detailed",
        "response-format",
        "headers.Host",
        "headers.X-A",
        "headers.X-B",
        "files.0",
        "url",
    ];
    assert_eq!(fields, expected);
    assert_eq!(wrong(json!({"connection": "zoom"})), ["url"]);
    assert_eq!(
        wrong(json!({"connection": "zoom", "url": "/", "metod": "GET"})),
        ["metod"]
    );
    assert_eq!(
        wrong(json!({"connection": "zoom", "url": "/{id}", "parameters": {"id": ".."}})),
        ["parameters.id"]
    );
    assert_eq!(
        wrong(json!({"connection": "zoom", "url": "/", "parameters": "x", "body": "y"})),
        ["body"]
    );
    assert_eq!(
        wrong(json!({"connection": "zoom", "url": "/", "parameters": {"a": {"b": 1}}})),
        ["parameters.a"]
    );
}

#[test]
fn an_unreadable_body_is_not_quoted() {
    for body in [
        "",
        "[]",
        "{\"connection\": 1",
        "{\"url\": {\"s3cret\": 1}, \"connection\": \"a\"}",
    ] {
        let errors = Input::read(body.as_bytes()).err().unwrap();
        assert!(!format!("{errors:?}").contains("s3cret"), "{errors:?}");
    }
}
