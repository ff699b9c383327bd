//! A provider on a loopback socket that reads requests and then misbehaves as told.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use engine::egress::{EgressClient, EgressError, EgressPolicy, Outbound};
use http::Method;
use http::header::{AUTHORIZATION, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// What no error may show.
pub(crate) const SECRET: &str = "s3cret";

pub(crate) struct Provider {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Provider {
    /// Reads a whole request from every connection, then hands the connection to `act`. Requests that `act`
    /// reads itself are not counted.
    pub(crate) async fn start<A, F>(act: A) -> Self
    where
        A: Fn(TcpStream) -> F + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (ledger, act) = (Arc::clone(&requests), Arc::new(act));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (ledger, act) = (Arc::clone(&ledger), Arc::clone(&act));
                tokio::spawn(async move {
                    if let Some(request) = read_request(&mut stream).await {
                        ledger.lock().unwrap().push(request);
                        act(stream).await;
                    }
                });
            }
        });
        Self { address, requests }
    }

    /// Answers every request with these bytes and closes.
    pub(crate) async fn answering(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = Arc::new(bytes.into());
        Self::start(move |mut stream| {
            let bytes = Arc::clone(&bytes);
            async move { drop(stream.write_all(&bytes).await) }
        })
        .await
    }

    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub(crate) fn client(&self) -> EgressClient {
        client_for(&format!("http://{}", self.address))
    }

    /// A token request with secrets in every place where a request can hold some.
    pub(crate) fn token_request(&self) -> Outbound {
        token_request(&format!("http://{}", self.address))
    }

    pub(crate) async fn failure(&self, outbound: Outbound) -> EgressError {
        failure(&self.client(), outbound).await
    }
}

pub(crate) fn client_for(exceptions: &str) -> EgressClient {
    EgressClient::new(exceptions.parse::<EgressPolicy>().unwrap()).unwrap()
}

pub(crate) fn token_request(origin: &str) -> Outbound {
    let url = Url::parse(&format!("{origin}/{SECRET}/token?key={SECRET}")).unwrap();
    let basic = HeaderValue::from_str(&format!("Basic {SECRET}")).unwrap();
    Outbound::new(Method::POST, url)
        .header(AUTHORIZATION, basic)
        .body(format!("refresh_token={SECRET}"))
}

/// Sends what must fail, and sees to it that the failure keeps the secrets.
pub(crate) async fn failure(client: &EgressClient, outbound: Outbound) -> EgressError {
    let error = client.send(outbound).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(SECRET), "{shown}");
    error
}

/// One request with its body, or `None` where the connection ends before that.
pub(crate) async fn read_request<S: AsyncReadExt + Unpin>(stream: &mut S) -> Option<String> {
    let mut bytes = Vec::new();
    while !is_complete(&bytes) {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}

fn is_complete(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}
