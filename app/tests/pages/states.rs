//! Landmarks, order, and what each state offers.

use app::{Body, Page, components::state::Condition};

use crate::{attribute, html, models, named, pages, tags};

#[test]
fn every_page_has_its_landmarks_and_ids_once() {
    for (name, page) in pages::all() {
        let html = html(page);
        assert!(html.starts_with("<!doctype html><html lang=\"en\">"), "{name}");
        assert_eq!(html.matches("<main ").count(), 1, "{name}");
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        let mut ids: Vec<&str> = tags(&html).filter_map(|tag| attribute(tag, "id")).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id stands twice");
        for tag in tags(&html) {
            let targets = ["for", "aria-describedby", "aria-labelledby"];
            let named = targets.iter().filter_map(|attr| attribute(tag, attr));
            for id in named.flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name}: {tag} names {id}, which is not there");
            }
        }
    }
}

#[test]
fn the_list_puts_first_what_needs_attention_and_hides_what_is_filtered() {
    let list = named("list");
    let place = |name: &str| list.find(&format!(">{name}<")).unwrap();
    assert!(place("Newsletter") < place("Reports"), "stopped before stopping");
    assert!(place("Reports") < place("Zoom"), "stopping before working");
    assert!(place("Zoom") < place("Old board"), "disabled last");
    let narrowed = named("list-narrowed");
    let hidden: Vec<bool> = tags(&narrowed)
        .filter(|tag| tag.starts_with("tr ") && tag.contains("data-row"))
        .map(|tag| tag.contains(" hidden"))
        .collect();
    assert_eq!(
        hidden.len(),
        8,
        "every row is there for the browser to bring back"
    );
    assert_eq!(
        hidden.iter().filter(|hidden| !**hidden).count(),
        3,
        "`o` among the connected: {narrowed}"
    );
    assert!(named("list-nothing").contains("No connection matches."));
}

#[test]
fn each_state_offers_what_mends_it() {
    let post = |action: &str| format!("action=\"/setup/connections/zoom/{action}\"");
    for (name, offered, absent) in [
        ("connection", "reconnect", "enable"),
        ("connection-new", "reconnect", "revoke"),
        ("connection-withdrawn", "reconnect", "enable"),
        ("connection-disabled", "enable", "disable"),
    ] {
        let html = named(name);
        assert!(html.contains(&post(offered)), "{name} does not offer {offered}");
        assert!(!html.contains(&post(absent)), "{name} offers {absent}");
    }
    let refused = named("connection-refused");
    assert!(
        refused.contains("/setup/services/zoom_meeting/edit"),
        "the client secret is corrected in the service"
    );
    let ends = named("connection-ends");
    assert!(ends.contains("access_type=offline") && ends.contains("in 41 minutes"));
    assert!(ends.contains("1 scope is not granted: report:read:admin."));
    let withdrawn = named("connection-withdrawn");
    assert!(withdrawn.contains("<q>invalid_grant: Token has been expired or revoked.</q>"));
    assert!(withdrawn.contains("2 keys used it in the last 24 hours: nightly-report, crm-hook."));
}

#[test]
fn a_connection_without_credential_says_so() {
    let html = html(Page {
        title: "Zoom".into(),
        chrome: models::chrome("/setup/connections/zoom"),
        notice: None,
        body: Body::Connection(Box::new(pages::detail::connection(Condition::default()))),
    });
    assert!(html.contains("Nobody has connected this yet."));
}
