//! The snippet for a POSIX shell with curl and nothing else.
//!
//! The key and the token travel to curl through its standard input (`-H @-`), not on its command line, where
//! every user of the machine could read them.

use crate::service::oauth2::ParamType;

use super::{Call, Use};

const CURL: &str = "curl -sS --fail-with-body";

/// The program. It prints the provider's answer, or the credential itself where the service has no sample request.
#[must_use]
pub fn render(usage: &Use) -> String {
    let url = quote(&format!(
        "{}/api/v1/connections/{}/credentials",
        usage.server, usage.link_name
    ));
    let head = "# CONNECTIONS_KEY holds a function key: export CONNECTIONS_KEY=cnx_…";
    let ask = format!("printf 'Authorization: Bearer %s' \"$CONNECTIONS_KEY\" |\n  {CURL} -H @- \\\n  {url}");
    match &usage.call {
        None => format!("{head}\n{ask}\n"),
        Some(call) => format!(
            "{head}\ncredential=$({ask}) ||\n  echo \"$credential\" >&2\n{TOKEN}\n{}\n",
            lines(call)
        ),
    }
}

const TOKEN: &str = r#"token=$(printf '%s' "$credential" |
  sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')"#;

fn lines(call: &Call) -> String {
    let (method, url) = (call.method.word(), quote(&call.url));
    match call.placement {
        ParamType::Header => {
            format!("printf 'Authorization: Bearer %s' \"$token\" |\n  {CURL} -H @- -X {method} \\\n  {url}")
        }
        ParamType::Query => {
            format!(
                "printf '%s' \"$token\" |\n  {CURL} --get --data-urlencode access_token@- -X {method} \\\n  {url}"
            )
        }
    }
}

/// One shell word, whatever is in it: single quotes, and a single quote itself as `'\''`.
#[must_use]
pub fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn calls_the_sample_request() {
        let usage = Use {
            server: "http://localhost:3000".into(),
            link_name: "zoom".parse().unwrap(),
            call: Some(Call {
                method: Default::default(),
                url: "https://api.zoom.us/v2/users/me".into(),
                placement: ParamType::Header,
            }),
        };
        let text = render(&usage);
        assert!(
            text.contains("'http://localhost:3000/api/v1/connections/zoom/credentials'"),
            "{text}"
        );
        assert!(
            text.contains("-X GET \\\n  'https://api.zoom.us/v2/users/me'"),
            "{text}"
        );
    }

    #[test]
    fn hostile_text_stays_one_word() {
        assert_eq!(quote("a'; rm -rf /; '"), r"'a'\''; rm -rf /; '\'''");
    }

    proptest! {
        #[test]
        fn the_shell_reads_back_what_was_quoted(text in "[ -~äöü\n]{0,40}") {
            let out = std::process::Command::new("sh").arg("-c").arg(format!("printf %s {}", quote(&text))).output().unwrap();
            prop_assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
        }
    }
}
