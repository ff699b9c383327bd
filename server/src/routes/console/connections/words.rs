//! What happened to a connection, in words.

use app::{
    NoticeKind,
    pages::setup::connections::{activity::Event, attention::Trouble},
};
use domain::connection::Status;
use engine::{
    connections::ConnectionDetail,
    store::{
        audit::AuditRow,
        consents::{Trouble as Consent, TroubleKind},
        revocations::PendingRevocation,
    },
};
use time::Duration;

/// Beside a connection that works, an old failure is for the activity to tell.
const RECENT: Duration = Duration::hours(1);

/// What went wrong last, as long as it matters.
pub(super) fn trouble(detail: &ConnectionDetail) -> Option<Trouble> {
    let service = detail.service.input.name.as_str();
    if let Some(pending) = &detail.revocation {
        return Some(unconfirmed(pending, service));
    }
    let consent = detail.trouble.as_ref()?;
    let works = detail.connection.status() == Status::Connected;
    if works && detail.connection.now - consent.at > RECENT {
        return None;
    }
    let about_service = consent.kind == TroubleKind::Failed || refused_scopes(consent.words.as_deref());
    let kept = if detail.connection.credential.is_some() {
        " The earlier credential is still there."
    } else {
        ""
    };
    let definition = &detail.service.input.definition;
    let token_url = definition.access_token_url();
    let token_url = token_url.map(ToString::to_string).unwrap_or_default();
    Some(Trouble {
        kind: if works { NoticeKind::Warn } else { NoticeKind::Bad },
        words: told(consent, service, &token_url) + kept,
        at: consent.at,
        again: false,
        service: about_service,
    })
}

fn unconfirmed(pending: &PendingRevocation, service: &str) -> Trouble {
    let why = pending.last_error.as_ref();
    let why = why
        .map(|words| format!(" It answered: {}", quote(words)))
        .unwrap_or_default();
    Trouble {
        kind: NoticeKind::Warn,
        words: format!(
            "Revoked here. {service} has not confirmed it yet.{why} It is asked again by itself, for a day."
        ),
        at: pending.next_try_at,
        again: true,
        service: false,
    }
}

fn told(consent: &Consent, service: &str, token_url: &str) -> String {
    let words = consent.words.as_deref().unwrap_or_default();
    match consent.kind {
        TroubleKind::Denied if refused_scopes(Some(words)) => format!(
            "{service} refused the scopes: {} Correct them in the service or below in Settings, then connect again.",
            quote(words)
        ),
        TroubleKind::Denied if words.is_empty() => {
            format!("{service} did not agree. Connect again when you are ready.")
        }
        TroubleKind::Denied => format!(
            "{service} did not agree: {} Connect again when you are ready.",
            quote(words)
        ),
        // Our own words, about an answer that said nothing.
        TroubleKind::Failed if words.starts_with("The provider ") => format!(
            "The last try to connect failed at the access token URL {token_url}. {words} Correct the service, then connect again."
        ),
        TroubleKind::Failed => format!(
            "The last try to connect failed: {} Check the service's settings, then connect again.",
            quote(words)
        ),
        TroubleKind::Interrupted => format!(
            "The last try to connect was interrupted before {service}'s answer was stored. Connect again."
        ),
    }
}

/// Whether a consent asked for what the provider does not give: `invalid_scope` (RFC 6749 section 4.1.2.1), or words
/// about scopes, which providers send beside it.
fn refused_scopes(words: Option<&str>) -> bool {
    words.is_some_and(|words| words.to_ascii_lowercase().contains("scope"))
}

/// Somebody else's words, with one full stop at the end.
fn quote(words: &str) -> String {
    let end = if words.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("“{words}”{end}")
}

/// An audit line in words.
pub(super) fn event(row: AuditRow) -> Event {
    let AuditRow {
        at,
        action,
        person,
        key,
        address,
        detail,
    } = row;
    let what = match action.as_str() {
        "connection.created" => "Created",
        "connection.connected" => "Connected",
        "connection.reconnected" => "Reconnected",
        "connection.denied" if refused_scopes(Some(&detail)) => "The scopes were refused",
        "connection.denied" => "Consent was denied",
        "connection.failed" => "Connecting failed",
        "connection.renamed" => "Renamed",
        "connection.changed" => "Settings changed",
        "connection.tried" => "A call was tried",
        "connection.imported" => "Credential imported",
        "connection.replaced" => "Credential replaced",
        "connection.tested" => "Tested",
        "connection.person_disconnected" => "A person's account was disconnected",
        "connection.disabled" => "Disabled",
        "connection.enabled" => "Enabled",
        "connection.revoked" => "Revoked",
        "connection.revoked_at_provider" => "Withdrawn at the provider",
        "connection.revocation_failed" => "The provider refused the withdrawal",
        other => other,
    };
    Event {
        what: what.to_owned(),
        detail: (!detail.is_empty()).then_some(detail),
        by: person.or_else(|| key.map(|name| format!("the key {name}"))),
        from: address,
        when: at,
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    fn consent(kind: TroubleKind, words: &str) -> String {
        let words = (!words.is_empty()).then(|| words.to_owned());
        let at = OffsetDateTime::UNIX_EPOCH;
        told(&Consent { at, kind, words }, "Zoom", "https://zoom.us/tokn")
    }

    #[test]
    fn scopes_that_were_refused_are_not_a_person_who_said_no() {
        let refused = consent(TroubleKind::Denied, "invalid_scope: unknown scope x");
        assert!(
            refused.contains("refused the scopes: “invalid_scope: unknown scope x”. Correct"),
            "{refused}"
        );
        let denied = consent(TroubleKind::Denied, "access_denied: The person pressed Deny.");
        assert!(
            denied.contains("The person pressed Deny.” Connect again"),
            "{denied}"
        );
        assert_eq!(
            consent(TroubleKind::Denied, ""),
            "Zoom did not agree. Connect again when you are ready."
        );
    }

    #[test]
    fn a_failure_without_words_names_the_url_and_quotes_nobody() {
        let failed = consent(
            TroubleKind::Failed,
            "The provider answered 404 Not Found without an OAuth error.",
        );
        assert!(
            failed.contains("https://zoom.us/tokn. The provider answered 404"),
            "{failed}"
        );
        assert!(!failed.contains('“'));
        assert!(consent(TroubleKind::Failed, "invalid_client").contains("“invalid_client”."));
    }
}
