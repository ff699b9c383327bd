//! What goes over the wire, and how every way of failing is classified.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::egress::{EgressError, Failure, Outbound, Reason};
use http::{Method, StatusCode};
use tokio::io::AsyncWriteExt;

use crate::provider::{Provider, client_for, failure, read_request, token_request};

/// The reason of an uncertain failure.
fn uncertain(error: EgressError) -> Reason {
    match error {
        EgressError::Uncertain(Failure { reason, .. }) => reason,
        other => panic!("expected uncertain: {other:?}"),
    }
}

fn not_sent(error: EgressError) -> Reason {
    match error {
        EgressError::NotSent(Failure { reason, .. }) => reason,
        other => panic!("expected not sent: {other:?}"),
    }
}

#[tokio::test]
async fn a_request_and_its_answer() {
    let answer = "HTTP/1.1 400 Bad Request\r\nx-kind: test\r\ncontent-length: 2\r\n\r\n{}";
    let provider = Provider::answering(answer).await;
    let answer = provider.client().send(provider.token_request()).await.unwrap();
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.headers["x-kind"], "test");
    assert_eq!(answer.body, "{}");
    assert_eq!(answer.remote, Some(provider.address));

    let request = provider.requests().remove(0);
    assert!(
        request.starts_with("POST /s3cret/token?key=s3cret HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(request.ends_with("\r\n\r\nrefresh_token=s3cret"), "{request}");
    for line in [
        "content-length: 20",
        "user-agent: Connections/0.1",
        "authorization: Basic s3cret",
    ] {
        assert!(request.contains(&format!("\r\n{line}\r\n")), "{line}: {request}");
    }
    for header in ["accept-encoding", "transfer-encoding", "referer", "cookie"] {
        assert!(
            !request.contains(&format!("\r\n{header}:")),
            "{header}: {request}"
        );
    }
}

#[tokio::test]
async fn a_request_without_a_body_has_none() {
    let provider = Provider::answering("HTTP/1.1 204 No Content\r\n\r\n").await;
    let url = provider.token_request().url;
    for method in [Method::GET, Method::POST] {
        let answer = provider
            .client()
            .send(Outbound::new(method, url.clone()))
            .await
            .unwrap();
        assert_eq!((answer.status, answer.body.len()), (StatusCode::NO_CONTENT, 0));
    }
    let requests = provider.requests();
    assert!(
        requests[0].starts_with("GET ") && !requests[0].contains("content-length"),
        "{}",
        requests[0]
    );
    assert!(
        requests[1].starts_with("POST ") && !requests[1].contains("transfer-encoding"),
        "{}",
        requests[1]
    );
}

#[tokio::test]
async fn redirects_are_handed_back() {
    let sentinel = Provider::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("http://{}/stolen", sentinel.address);
        let answer = format!("HTTP/1.1 {status} Moved\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
        let provider = Provider::answering(answer).await;
        let client = client_for(&format!(
            "http://{} http://{}",
            provider.address, sentinel.address
        ));
        let answer = client.send(provider.token_request()).await.unwrap();
        assert_eq!(answer.status.as_u16(), status);
        assert_eq!(answer.headers["location"], location);
        assert_eq!(provider.requests().len(), 1);
    }
    assert_eq!(sentinel.requests().len(), 0);
}

#[tokio::test]
async fn connection_refused_is_not_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let origin = format!("http://{free}");
    let token = token_request(&origin);
    for outbound in [Outbound::new(Method::GET, token.url.clone()), token] {
        let error = failure(&client_for(&origin), outbound).await;
        assert!(error.to_string().ends_with("nothing was sent"), "{error}");
        assert!(matches!(not_sent(error), Reason::Connection(_)));
    }
}

#[tokio::test]
async fn closing_after_the_request_is_uncertain() {
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"access",
        "no http at all\r\n\r\n",
    ] {
        let provider = Provider::answering(answer).await;
        let error = provider.failure(provider.token_request()).await;
        assert!(error.to_string().ends_with("may have taken effect"), "{error}");
        assert!(matches!(uncertain(error), Reason::Broken(_)));
        assert_eq!(provider.requests().len(), 1, "{answer}");
    }
}

#[tokio::test]
async fn a_reset_after_the_request_is_uncertain() {
    let provider = Provider::start(|stream| async move {
        stream.set_zero_linger().unwrap();
        drop(stream);
    })
    .await;
    let error = provider.failure(provider.token_request()).await;
    assert!(matches!(uncertain(error), Reason::Broken(_)));
    assert_eq!(provider.requests().len(), 1);
}

#[tokio::test]
async fn a_kept_connection_that_dies_under_a_request_is_not_tried_again() {
    let second = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&second);
    let provider = Provider::start(move |mut stream| {
        let counter = Arc::clone(&counter);
        async move {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
            if read_request(&mut stream).await.is_some() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        }
    })
    .await;
    let client = provider.client();
    client.send(provider.token_request()).await.unwrap();
    let error = failure(&client, provider.token_request()).await;
    assert!(matches!(uncertain(error), Reason::Broken(_)));
    assert_eq!((provider.requests().len(), second.load(Ordering::SeqCst)), (1, 1));
}
