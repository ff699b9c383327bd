//! The snippet for a POSIX shell with curl and nothing else.
//!
//! The key travels to curl through its standard input (`-H @-`), not on its command line, where every user of the
//! machine could read it. One chain of commands: a shell that somebody types into goes on after a failed line, and
//! must not.

use crate::call::Method;

use super::{Call, USER, Use, quote::shell};

const KEY: &str = "# CONNECTIONS_KEY holds a function key: export CONNECTIONS_KEY=cnx_…
: \"${CONNECTIONS_KEY:?is not set. Set it to a function key first.}\" &&";
const CURL: &str =
    "printf 'Authorization: Bearer %s' \"$CONNECTIONS_KEY\" |\n  curl -sS --fail-with-body -H @- \\\n";

/// The program. It prints the provider's answer, or when the credential ends.
#[must_use]
pub fn render(usage: &Use) -> String {
    match &usage.call {
        Some(call) => format!(
            "{KEY}\n{CURL}{}  {}\n",
            options(usage, call),
            shell(&usage.proxy_url(call))
        ),
        None => credential(&shell(&usage.credentials_url())),
    }
}

fn options(usage: &Use, call: &Call) -> String {
    let user = usage
        .user
        .as_ref()
        .map(|user| format!("  -H {} \\\n", shell(&format!("{USER}: {user}"))));
    let method = match call.method {
        Method::Get => String::new(),
        Method::Head => "  --head \\\n".into(),
        other => format!("  -X {other} \\\n"),
    };
    let body = call.body.as_ref().map(|body| {
        let kind = shell(&format!("Content-Type: {}", body.content_type));
        format!("  -H {kind} \\\n  --data-raw {} \\\n", shell(&body.text))
    });
    method + &user.unwrap_or_default() + &body.unwrap_or_default()
}

fn credential(url: &str) -> String {
    format!(
        "{KEY}
if credential=$({CURL}  {url}); then
  printf '%s\\n' \"$credential\" |
    sed -n -e 's/.*\"expires_at\":\"\\([^\"]*\\)\".*/The credential works until \\1./p' \\
      -e 's/.*\"expires_at\":null.*/The credential works until it is withdrawn./p'
else
  printf '%s\\n' \"$credential\" >&2
  false
fi
"
    )
}
