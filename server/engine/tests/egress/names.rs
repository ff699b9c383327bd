//! Names that lie: rebinding, mixed answers, names that never resolve.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use engine::egress::{
    EgressClient, EgressError, EgressPolicy, Failure, LookingUp, NameLookup, Outbound, Reason, Refusal,
};
use http::Method;
use tokio::net::TcpListener;

use crate::provider::{failure, token_request};

const TRIES: usize = 1_000;
/// Public by every rule, and nobody's: the block went back to IANA in 2006 and is routed nowhere.
const PUBLIC: &str = "3ffe::1";

/// Answers with the next of a list at every question.
struct Rebinding {
    answers: Vec<Vec<IpAddr>>,
    asked: Arc<AtomicUsize>,
}

impl NameLookup for Rebinding {
    fn lookup(&self, _: &str) -> LookingUp {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answers[turn % self.answers.len()].clone();
        Box::pin(async move { Ok(answer) })
    }
}

struct Never;

impl NameLookup for Never {
    fn lookup(&self, _: &str) -> LookingUp {
        Box::pin(std::future::pending())
    }
}

struct Unknown;

impl NameLookup for Unknown {
    fn lookup(&self, _: &str) -> LookingUp {
        Box::pin(async { Err(io::Error::other("no such name")) })
    }
}

fn rebinding(exceptions: &str, answers: &[&[&str]]) -> (EgressClient, Arc<AtomicUsize>) {
    let answers = answers
        .iter()
        .map(|one| one.iter().map(|ip| ip.parse().unwrap()).collect())
        .collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let lookup = Rebinding {
        answers,
        asked: Arc::clone(&asked),
    };
    (client(exceptions, lookup), asked)
}

fn client(exceptions: &str, lookup: impl NameLookup) -> EgressClient {
    EgressClient::with_lookup(exceptions.parse::<EgressPolicy>().unwrap(), Arc::new(lookup)).unwrap()
}

/// Counts connections to a port on every loopback address.
async fn sentinel() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, seen)
}

fn quickly(origin: &str) -> Outbound {
    Outbound {
        deadline: Duration::from_millis(100),
        ..token_request(origin)
    }
}

#[tokio::test]
async fn rebinding_never_reaches_a_private_address() {
    let (port, seen) = sentinel().await;
    let origin = format!("https://rebind.example.net:{port}");
    let answers: [&[&str]; 6] = [
        &[PUBLIC],
        &["127.0.0.1"],
        &[PUBLIC, "127.0.0.1"],
        &["127.0.0.1", PUBLIC],
        &["::ffff:127.0.0.1"],
        &["0.0.0.0"],
    ];
    let (client, asked) = rebinding("", &answers);
    let mut refused = 0;
    for batch in 0..TRIES / 50 {
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (client, outbound) = (client.clone(), quickly(&origin));
            tries.spawn(async move { failure(&client, outbound).await });
        }
        for error in tries.join_all().await {
            match error {
                EgressError::Refused(Refusal::Resolved { .. }) => refused += 1,
                EgressError::NotSent(_) => {}
                other => panic!("batch {batch}: {other:?}"),
            }
        }
    }
    assert_eq!(
        asked.load(Ordering::SeqCst),
        TRIES,
        "one look-up a connection, no second one to rebind"
    );
    assert_eq!(
        refused,
        (0..TRIES).filter(|turn| turn % answers.len() != 0).count()
    );

    // The same name, vouched for by the operator, does reach the sentinel: it was there to be reached.
    let (excepted, _) = rebinding(&origin, &[&["127.0.0.1"]]);
    failure(&excepted, quickly(&origin)).await;
    assert_eq!(seen.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_refused_name_tells_the_kind_of_network_only() {
    let (client, _) = rebinding("", &[&["10.1.2.3"]]);
    let error = failure(&client, token_request("https://api.example.com")).await;
    assert_eq!(
        error.to_string(),
        "api.example.com does not lead to a public address (private network); \
         ask the operator to add its origin to CONNECTIONS_ALLOW_HOSTS"
    );
}

#[tokio::test]
async fn literal_addresses_are_refused_without_a_question() {
    let (client, asked) = rebinding("", &[&[PUBLIC]]);
    for origin in [
        "https://127.0.0.1",
        "https://[::1]",
        "https://0x7f.1",
        "http://api.example.com",
    ] {
        assert!(
            matches!(
                failure(&client, token_request(origin)).await,
                EgressError::Refused(_)
            ),
            "{origin}"
        );
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_name_that_is_not_found_is_not_sent() {
    let error = failure(&client("", Unknown), token_request("https://api.example.com")).await;
    let EgressError::NotSent(Failure {
        reason: Reason::Name(detail),
        ..
    }) = error
    else {
        panic!("{error:?}");
    };
    assert_eq!(detail.to_string(), "no such name");
}

#[tokio::test]
async fn a_deadline_before_the_connection_withdraws_the_body() {
    let client = client("", Never);
    let error = failure(&client, quickly("https://api.example.com")).await;
    assert!(
        matches!(
            error,
            EgressError::NotSent(Failure {
                reason: Reason::Deadline(_),
                ..
            })
        ),
        "{error:?}"
    );
    // Without a body there is nothing to withdraw, so nobody knows.
    let url = token_request("https://api.example.com").url;
    let get = Outbound {
        deadline: Duration::from_millis(100),
        ..Outbound::new(Method::GET, url)
    };
    assert!(matches!(failure(&client, get).await, EgressError::Uncertain(_)));
}
