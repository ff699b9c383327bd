//! Certificates are checked, and the environment's proxies are not used.

use std::io;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use engine::egress::{EgressError, Failure, Reason};
use http::StatusCode;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::provider::{Provider, client_for, failure, read_request, token_request};

const ORIGINS: &str = "EGRESS_TEST_ORIGINS";

/// An https provider with a certificate for `localhost` that nobody signed; counts the requests it could read.
struct TlsProvider {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    certificate: String,
}

async fn tls_provider() -> TlsProvider {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = made.signing_key.serialize_der().try_into().unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if answer(&acceptor, stream)
                .await
                .is_ok_and(|had_a_request| had_a_request)
            {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        }
    });
    TlsProvider {
        address,
        requests,
        certificate: made.cert.pem(),
    }
}

async fn answer(acceptor: &TlsAcceptor, stream: tokio::net::TcpStream) -> io::Result<bool> {
    let mut stream = acceptor.accept(stream).await?;
    let had_a_request = read_request(&mut stream).await.is_some();
    stream
        .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        .await?;
    stream.shutdown().await?;
    Ok(had_a_request)
}

fn connection_detail(error: EgressError) -> String {
    match error {
        EgressError::NotSent(Failure {
            reason: Reason::Connection(detail),
            ..
        }) => detail.to_string(),
        other => panic!("expected not sent: {other:?}"),
    }
}

#[tokio::test]
async fn an_unknown_certificate_is_not_sent() {
    let provider = tls_provider().await;
    let origin = format!("https://localhost:{}", provider.address.port());
    let error = failure(&client_for(&origin), token_request(&origin)).await;
    let detail = connection_detail(error);
    assert!(detail.contains("certificate"), "{detail}");
    assert_eq!(provider.requests.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_server_without_tls_is_not_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            drop(stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await);
        }
    });
    let error = failure(&client_for(&origin), token_request(&origin)).await;
    assert!(!connection_detail(error).is_empty());
}

/// A process of its own, for the environment belongs to the process: proxies are set and lead to a sentinel,
/// and the provider's certificate is trusted.
#[tokio::test]
async fn proxies_of_the_environment_are_ignored() {
    let sentinel = Provider::answering("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await;
    let plain = Provider::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let provider = tls_provider().await;
    let port = provider.address.port();
    let certificate = std::env::temp_dir().join(format!("egress-test-{port}.pem"));
    std::fs::write(&certificate, &provider.certificate).unwrap();
    let origins = format!(
        "https://localhost:{port} https://127.0.0.1:{port} http://{}",
        plain.address
    );

    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["tls::in_an_environment_with_proxies", "--exact", "--ignored"]);
    child
        .env(ORIGINS, origins)
        .env("SSL_CERT_FILE", &certificate)
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in [
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
        "http_proxy",
        "https_proxy",
        "all_proxy",
    ] {
        child.env(name, format!("http://{}", sentinel.address));
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap())
        .await
        .unwrap();
    std::fs::remove_file(&certificate).unwrap();

    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert_eq!(provider.requests.load(Ordering::SeqCst), 1);
    assert_eq!((plain.requests().len(), sentinel.requests().len()), (1, 0));
}

#[tokio::test]
#[ignore = "run by proxies_of_the_environment_are_ignored in a process of its own"]
async fn in_an_environment_with_proxies() {
    let origins = std::env::var(ORIGINS).unwrap();
    let client = client_for(&origins);
    let [trusted, other_name, plain] = origins.split(' ').collect::<Vec<_>>().try_into().unwrap();
    for origin in [trusted, plain] {
        assert_eq!(
            client.send(token_request(origin)).await.unwrap().status,
            StatusCode::OK,
            "{origin}"
        );
    }
    // The same server and certificate under an address that the certificate does not name.
    let detail = connection_detail(failure(&client, token_request(other_name)).await);
    assert!(detail.contains("certificate"), "{detail}");
}
