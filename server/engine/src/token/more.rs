//! What follows a token at some providers: a second exchange into one that lives long, and its end by introspection.

use domain::service::oauth2::options::Verb;
use serde_json::Value;
use tokio::time::Instant;

use super::{Client, Tokens, Unsendable, Verdict, answer::judge, left};
use crate::{Engine, clock, vault::Secret};

impl Engine {
    /// Completes tokens that were just handed out. A second exchange that fails fails the whole; an end that cannot be
    /// asked is only not known. All of it together takes no longer than one deadline, which began when `asked` says.
    pub(crate) async fn completed(&self, client: &Client<'_>, tokens: Tokens, asked: Instant) -> Verdict {
        match self.exchanged(client, tokens, asked).await {
            Verdict::Success(tokens) => match lacking(client, &tokens) {
                Some(words) => Verdict::Uncertain(words),
                None => self.dated(client, tokens, asked).await,
            },
            failed => failed,
        }
    }

    /// Tokens with what was granted, whose end is asked for where their answer did not tell it.
    pub(crate) async fn dated(&self, client: &Client<'_>, mut tokens: Tokens, asked: Instant) -> Verdict {
        tokens.scopes = tokens.scopes.map(|told| client.granted(told));
        if tokens.expires_in.is_none() {
            tokens.expires_in = self.introspected(client, &tokens.access, asked).await;
        }
        Verdict::Success(tokens)
    }

    /// The second exchange (Facebook, Instagram, Threads).
    async fn exchanged(&self, client: &Client<'_>, first: Tokens, asked: Instant) -> Verdict {
        let options = &client.oauth2.options.token;
        let Some(url) = &options.exchange_url else {
            return Verdict::Success(first);
        };
        let with_token = Client {
            known: client.known.clone().with_secret("access_token", &first.access),
            redirect: client.redirect.clone(),
            scopes: client.scopes,
            definition: client.definition,
            oauth2: client.oauth2,
            secret: client.secret,
        };
        let outbound = with_token
            .url("exchange URL", url)
            .and_then(|url| with_token.request(url, Verb::Get, &[], &options.exchange_parameters));
        let outbound = match outbound {
            Ok(outbound) => outbound,
            Err(error) => return error.verdict(),
        };
        let result = self.send_within(outbound, left(asked)).await;
        let sent: Vec<&Secret> = client.secret.into_iter().chain([&first.access]).collect();
        match judge(result.as_ref(), client.oauth2, &sent, clock::now()) {
            Verdict::Success(second) => Verdict::Success(Tokens {
                refresh: second.refresh.or(first.refresh),
                scopes: second.scopes.or(first.scopes),
                kept: first.kept.into_iter().chain(second.kept).collect(),
                ..second
            }),
            failed => failed.at("Exchange URL"),
        }
    }

    /// Seconds until the token's end, as the provider tells where it is asked (RFC 7662 section 2).
    async fn introspected(&self, client: &Client<'_>, token: &Secret, asked: Instant) -> Option<f64> {
        let url = client.oauth2.options.token.introspection_url.as_ref()?;
        let outbound = introspection(client, url, token).ok()?;
        let answer = self.send_within(outbound, left(asked)).await.ok()?;
        let body: Value = serde_json::from_slice(&answer.body).ok()?;
        let end = body.get("exp")?.as_f64()?;
        #[expect(
            clippy::cast_precision_loss,
            reason = "whole seconds since 1970 fit into a double"
        )]
        let now = clock::now().unix_timestamp() as f64;
        Some(end - now).filter(|left| *left > 0.0)
    }
}

/// What the service keeps and nobody has told, in words.
fn lacking(client: &Client<'_>, tokens: &Tokens) -> Option<String> {
    let wanted = &client.oauth2.options.answer.keep;
    let missing = |name: &str| !tokens.kept.contains_key(name) && client.known.get(name).is_none();
    let (_, path) = wanted.iter().find(|(name, _)| missing(name))?;
    Some(format!(
        "The provider's answer holds no {path} that can be used, which the service needs."
    ))
}

fn introspection(
    client: &Client<'_>,
    url: &domain::url_template::UrlTemplate,
    token: &Secret,
) -> Result<crate::egress::Outbound, Unsendable> {
    let url = client.url("introspection URL", url)?;
    let token = token.as_text().unwrap_or_default();
    client.request(
        url,
        Verb::Post,
        &[("token", token)],
        &domain::pairs::Pairs::default(),
    )
}

#[cfg(test)]
mod tests {
    use domain::service::{Definition, Values};

    use super::*;
    use crate::known::Known;

    #[test]
    fn a_value_that_the_service_keeps_must_be_known() {
        let definition: Definition = serde_json::from_str(
            r#"{"authentication": {"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
                "access_token_url": "https://a.example/t", "options": {"answer": {"keep": {"base": "instance_url"}}}}}"#,
        )
        .unwrap();
        let told = |known: Known, kept: Values| {
            let redirect = url::Url::parse("https://c.example/").unwrap();
            let client = Client::new(
                &definition,
                definition.oauth2().unwrap(),
                None,
                &known,
                redirect,
                &[],
            );
            let tokens = Tokens {
                access: Secret::text("t".into()),
                refresh: None,
                token_type: "Bearer".into(),
                expires_in: None,
                scopes: None,
                kept,
            };
            lacking(&client, &tokens)
        };
        let base = || Values::from([("base".to_owned(), "https://x.example".to_owned())]);
        assert!(
            told(Known::default(), Values::new())
                .unwrap()
                .contains("instance_url")
        );
        assert_eq!(told(Known::default(), base()), None);
        assert_eq!(
            told(Known::new(base()), Values::new()),
            None,
            "from the time before"
        );
    }
}
