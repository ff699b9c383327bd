//! What follows a token at some providers: a second exchange into one that lives long, and its end by introspection.

use domain::service::oauth2::options::Verb;
use serde_json::Value;

use super::{Client, DEADLINE, Tokens, Unsendable, Verdict, answer::judge};
use crate::{Engine, clock, vault::Secret};

impl Engine {
    /// Completes tokens that were just handed out. A second exchange that fails fails the whole; an end that cannot be
    /// asked is only not known.
    pub(crate) async fn completed(&self, client: &Client<'_>, tokens: Tokens) -> Verdict {
        match self.exchanged(client, tokens).await {
            Verdict::Success(tokens) => self.dated(client, tokens).await,
            failed => failed,
        }
    }

    /// Tokens whose end is asked for, where their answer did not tell it.
    pub(crate) async fn dated(&self, client: &Client<'_>, mut tokens: Tokens) -> Verdict {
        if tokens.expires_in.is_none() {
            tokens.expires_in = self.introspected(client, &tokens.access).await;
        }
        Verdict::Success(tokens)
    }

    /// The second exchange (Facebook, Instagram, Threads).
    async fn exchanged(&self, client: &Client<'_>, first: Tokens) -> Verdict {
        let options = &client.oauth2.options.token;
        let Some(url) = &options.exchange_url else {
            return Verdict::Success(first);
        };
        let with_token = Client {
            known: client.known.clone().with_secret("access_token", &first.access),
            redirect: client.redirect.clone(),
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
        let result = self.send_within(outbound, DEADLINE).await;
        let sent: Vec<&Secret> = client.secret.into_iter().chain([&first.access]).collect();
        match judge(result.as_ref(), client.oauth2, &sent, clock::now()) {
            Verdict::Success(second) => Verdict::Success(Tokens {
                refresh: second.refresh.or(first.refresh),
                scopes: second.scopes.or(first.scopes),
                kept: first.kept.into_iter().chain(second.kept).collect(),
                ..second
            }),
            failed => failed,
        }
    }

    /// Seconds until the token's end, as the provider tells where it is asked (RFC 7662 section 2).
    async fn introspected(&self, client: &Client<'_>, token: &Secret) -> Option<f64> {
        let url = client.oauth2.options.token.introspection_url.as_ref()?;
        let outbound = introspection(client, url, token).ok()?;
        let answer = self.send_within(outbound, DEADLINE).await.ok()?;
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
