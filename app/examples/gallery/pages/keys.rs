//! Function keys in their states.

use app::{
    Body, Form, Page,
    pages::setup::keys::{KeyRow, KeysPage, NewKey},
};
use domain::{
    call::CallRules,
    form::Fields,
    function_key::{KeyScope, with_checksum},
    id::FunctionKeyId,
};
use time::Duration;

use super::page;
use crate::models::{NOW, rows, stamp};

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let key = |number: u128, name: &str, limited: bool, used: Option<i64>| KeyRow {
        id: FunctionKeyId::from_uuid(uuid_of(number)),
        name: name.into(),
        scopes: vec![KeyScope::CredentialsRead],
        connections: limited.then(|| vec!["zoom".parse().unwrap(), "crm_sync".parse().unwrap()]),
        rules: CallRules::default(),
        calls_per_minute: limited.then_some(60),
        expires: limited.then_some(NOW + Duration::days(30)),
        last_used: used.map(|minutes| NOW - Duration::minutes(minutes)),
        created: stamp(9),
    };
    let keys = || {
        vec![
            key(1, "nightly-report", true, Some(2)),
            key(2, "crm-hook", false, Some(60 * 24 * 3)),
            key(3, "an experiment", false, None),
        ]
    };
    let shown = |keys, fields, created| {
        let connections = rows().into_iter().map(|row| (row.link_name, row.name)).collect();
        let model = KeysPage {
            now: NOW,
            keys,
            form: Form::proposing(fields),
            offered: vec![KeyScope::Invoke, KeyScope::CredentialsRead],
            connections,
            created,
        };
        page("Function keys", "/setup/keys", Body::Keys(model))
    };
    let created = NewKey {
        name: "nightly-report".into(),
        key: with_checksum(&"Gq7x-".repeat(9)[..43]),
    };
    vec![
        (
            "keys",
            shown(keys(), Fields::default().with("connection", "zoom"), None),
        ),
        ("keys-none", shown(Vec::new(), Fields::default(), None)),
        ("keys-created", shown(keys(), Fields::default(), Some(created))),
    ]
}

fn uuid_of(number: u128) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x019a_3d1e_9c8a_7b6f_8e5d_0000_0000_0000 + number)
}
