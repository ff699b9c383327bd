//! Signs what stands on standard input, for comparison with other implementations of RFC 5849
//! (`end2end/oauth1/differential.py`): a JSON object a line in, one a line out. A request that cannot be signed is
//! answered with `error`.

use std::io::{self, BufWriter, Write as _};

use engine::{
    oauth1::{Client, Method, Request, SignError, Stamp, Token, sign},
    vault::Secret,
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// One request, and what to sign it with.
#[derive(Deserialize)]
struct Line {
    http_method: String,
    url: Url,
    form: Vec<(String, String)>,
    method: String,
    key: String,
    secret: String,
    token: Option<(String, String)>,
    nonce: String,
    timestamp: i64,
    extra: Vec<(String, String)>,
    realm: Option<String>,
}

impl Line {
    fn sign(&self) -> Result<Value, SignError> {
        let request = Request {
            method: &self.http_method,
            url: &self.url,
            form: &self.form,
        };
        let client = Client {
            key: &self.key,
            secret: &Secret::text(self.secret.clone()),
        };
        let secret = self
            .token
            .as_ref()
            .map(|(_, secret)| Secret::text(secret.clone()));
        let token = self.token.as_ref().zip(secret.as_ref());
        let token = token.map(|((token, _), secret)| Token { token, secret });
        let stamp = Stamp {
            nonce: &self.nonce,
            timestamp: self.timestamp,
        };
        let extra: Vec<(&str, &str)> = self.extra.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let method = Method::of_word(&self.method).unwrap_or_default();
        let signed = sign(&request, &client, token, method, &stamp, &extra)?;
        let mut url = self.url.clone();
        signed.add_to_query(&mut url);
        let header = signed.header(self.realm.as_deref());
        Ok(json!({ "header": header.as_text(), "url": url }))
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lines() {
        let line: Line = serde_json::from_str(&line?)?;
        let answer = line
            .sign()
            .unwrap_or_else(|error| json!({ "error": error.to_string() }));
        serde_json::to_writer(&mut out, &answer)?;
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}
