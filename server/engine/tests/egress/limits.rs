//! What an answer may cost: time and memory are bounded whatever the server does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use engine::egress::{EgressError, Failure, Outbound, Reason};
use tokio::io::AsyncWriteExt;

use crate::provider::Provider;

const SOON: Duration = Duration::from_millis(400);

/// Sends a request that must end at its deadline, with an uncertain outcome.
async fn ends_at_the_deadline(provider: &Provider) {
    let started = Instant::now();
    let outbound = Outbound {
        deadline: SOON,
        ..provider.token_request()
    };
    let error = provider.failure(outbound).await;
    let expected = Reason::Deadline(SOON);
    assert!(
        matches!(&error, EgressError::Uncertain(Failure { reason, .. }) if *reason == expected),
        "{error:?}"
    );
    assert!(
        (SOON..SOON * 3).contains(&started.elapsed()),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn no_answer() {
    let provider = Provider::start(|stream| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(stream);
    })
    .await;
    ends_at_the_deadline(&provider).await;
}

/// A byte now and then keeps no request alive, in the head or in the body.
#[tokio::test]
async fn a_slow_answer_ends_at_the_deadline() {
    for head in [
        "HTTP/1.1 200 OK\r\nx: ",
        "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n",
    ] {
        let provider = Provider::start(move |mut stream| async move {
            let mut sent = stream.write_all(head.as_bytes()).await;
            while sent.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
                sent = stream.write_all(b"x").await;
            }
        })
        .await;
        ends_at_the_deadline(&provider).await;
    }
}

#[tokio::test]
async fn the_limit_is_exact() {
    for (length, fits) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let body = "x".repeat(length);
        let announced = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{body}");
        let chunked =
            format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n");
        let until_close = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{body}");
        for answer in [announced, chunked, until_close] {
            let provider = Provider::answering(answer).await;
            match provider.client().send(provider.token_request()).await {
                Ok(answer) => assert!(fits && answer.body.len() == length),
                Err(error) => assert!(!fits && matches!(error, EgressError::TooLarge { limit: 65536, .. })),
            }
        }
    }
}

/// What says that it is too large is not waited for.
#[tokio::test]
async fn an_announced_giant_is_refused_unread() {
    let provider = Provider::start(|mut stream| async move {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1073741824\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
    })
    .await;
    let error = provider.failure(provider.token_request()).await;
    assert!(matches!(error, EgressError::TooLarge { .. }), "{error:?}");
}

/// The connection is dropped as soon as the limit is passed: an endless answer cannot be kept flowing.
#[tokio::test]
async fn an_endless_answer_is_cut_off() {
    let written = Arc::new(AtomicUsize::new(0));
    let stopped = Arc::new(tokio::sync::Notify::new());
    let (counter, notify) = (Arc::clone(&written), Arc::clone(&stopped));
    let provider = Provider::start(move |mut stream| {
        let (counter, notify) = (Arc::clone(&counter), Arc::clone(&notify));
        async move {
            let mut sent = stream
                .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
                .await;
            while sent.is_ok() {
                sent = stream.write_all(&[b'x'; 16 * 1024]).await;
                counter.fetch_add(16 * 1024, Ordering::SeqCst);
            }
            notify.notify_one();
        }
    })
    .await;
    let error = provider.failure(provider.token_request()).await;
    assert!(matches!(error, EgressError::TooLarge { .. }), "{error:?}");
    tokio::time::timeout(Duration::from_secs(5), stopped.notified())
        .await
        .unwrap();
    // What the kernel's socket buffers hold; an answer read to the end would be gigabytes.
    assert!(written.load(Ordering::SeqCst) < 16 * 1024 * 1024, "{written:?}");
}

#[tokio::test]
async fn nothing_is_decompressed() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\n\x1f\x8b\x08\x00";
    let provider = Provider::answering(&answer[..]).await;
    let answer = provider.client().send(provider.token_request()).await.unwrap();
    assert_eq!(answer.body, &b"\x1f\x8b\x08\x00"[..]);
}
