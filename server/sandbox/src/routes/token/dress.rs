//! How an answer of the token endpoint looks for a client whose provider does not keep to RFC 6749, 5.

use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header::ACCEPT;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::deliver::status_code;
use crate::clock;
use crate::quirks::{AnswerQuirks, Expires};

impl Answer {
    /// The same answer in the client's own form.
    pub(crate) fn dressed(
        mut self,
        quirks: &AnswerQuirks,
        headers: &HeaderMap,
        base: &str,
        now_s: u64,
    ) -> Self {
        self.form_encoded = quirks.form_encoded && !accepts_json(headers);
        if self.status.is_success() {
            self.members = expiry(self.members, quirks.expires, now_s);
            self.take_header(quirks);
            self.members = renamed(self.members, quirks);
            self.members = nested(self.members, quirks.within.as_deref());
            self.members.extend(quirks.success_member.clone());
            for (path, value) in &quirks.extra {
                insert(&mut self.members, path, with_base(value, base));
            }
        } else {
            self.fail(quirks);
        }
        self
    }

    fn take_header(&mut self, quirks: &AnswerQuirks) {
        let Some(name) = &quirks.as_header else { return };
        if let Some(Value::String(token)) = self.members.remove("access_token") {
            self.header = Some((name.clone(), token));
        }
    }

    fn fail(&mut self, quirks: &AnswerQuirks) {
        let text = |name: &str| self.members.get(name).and_then(Value::as_str).map(str::to_owned);
        let told = text("error_description").unwrap_or_default();
        for (name, good) in &quirks.success_member {
            let bad = match good {
                Value::Bool(good) => json!(!good),
                // Who counts errors does not name them.
                Value::Number(_) => {
                    self.members.clear();
                    self.members.insert("message".into(), told.clone().into());
                    json!(1)
                }
                _ => json!("error"),
            };
            self.members.insert(name.clone(), bad);
            self.status = StatusCode::OK;
        }
        if let Some(status) = quirks.error_status {
            self.status = status_code(status);
        }
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    accepted.is_some_and(|kinds| kinds.contains("application/json"))
}

fn expiry(mut members: Map<String, Value>, expires: Expires, now_s: u64) -> Map<String, Value> {
    let Some(seconds) = members.get("expires_in").and_then(Value::as_u64) else {
        return members;
    };
    let at = now_s.saturating_add(seconds);
    let (name, value) = match expires {
        Expires::Seconds => return members,
        Expires::Ms => ("expires_in", json!(seconds.saturating_mul(1_000))),
        Expires::Minutes => ("expires_in", json!(seconds / 60)),
        Expires::Text => ("expires_in", json!(seconds.to_string())),
        Expires::Absent => ("expires_in", Value::Null),
        Expires::AtIso => ("expires_at", json!(clock::iso(at))),
        Expires::AtEpoch => ("expires_at", json!(at)),
    };
    members.remove("expires_in");
    if !value.is_null() {
        members.insert(name.into(), value);
    }
    members
}

fn renamed(members: Map<String, Value>, quirks: &AnswerQuirks) -> Map<String, Value> {
    members
        .into_iter()
        .map(|(name, value)| (quirks.names.get(&name).cloned().unwrap_or(name), value))
        .collect()
}

fn nested(members: Map<String, Value>, within: Option<&str>) -> Map<String, Value> {
    let Some(path) = within else { return members };
    let mut outer = Map::new();
    insert(&mut outer, path, Value::Object(members));
    outer
}

/// Puts a value where the path leads, and makes the objects on the way.
fn insert(members: &mut Map<String, Value>, path: &str, value: Value) {
    let Some((first, rest)) = path.split_once('.') else {
        members.insert(path.to_owned(), value);
        return;
    };
    let inner = members.entry(first).or_insert_with(|| json!({}));
    if let Value::Object(inner) = inner {
        insert(inner, rest, value);
    }
}

fn with_base(value: &Value, base: &str) -> Value {
    match value {
        Value::String(text) => text.replace("{base}", base).into(),
        Value::Array(items) => items.iter().map(|item| with_base(item, base)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, value)| (name.clone(), with_base(value, base)))
            .collect::<Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dressed(quirks: Value) -> Answer {
        let quirks: AnswerQuirks = serde_json::from_value(quirks).unwrap();
        let mut answer = Answer::error(StatusCode::OK, "", "");
        answer.members = serde_json::from_value(json!({"access_token": "t", "expires_in": 120})).unwrap();
        answer.dressed(&quirks, &HeaderMap::new(), "http://base", 1_700_000_000)
    }

    #[test]
    fn members_move_as_the_client_has_it() {
        let answer = dressed(
            json!({"within": "data.token", "names": {"access_token": "key"}, "expires": "ms",
            "success_member": {"code": 0}, "extra": {"data.host": "{base}/x", "id": 7}}),
        );
        let expected = json!({"code": 0, "id": 7,
            "data": {"host": "http://base/x", "token": {"key": "t", "expires_in": 120_000}}});
        assert_eq!(Value::Object(answer.members), expected);
    }

    #[test]
    fn the_end_is_told_in_every_way() {
        for (kind, name, value) in [
            ("seconds", "expires_in", json!(120)),
            ("minutes", "expires_in", json!(2)),
            ("text", "expires_in", json!("120")),
            ("absent", "expires_in", Value::Null),
            ("at_epoch", "expires_at", json!(1_700_000_120)),
            ("at_iso", "expires_at", json!("2023-11-14T22:15:20Z")),
        ] {
            let members = dressed(json!({"expires": kind})).members;
            assert_eq!(members.get(name).cloned().unwrap_or_default(), value, "{kind}");
        }
    }

    #[test]
    fn the_token_may_stand_in_a_header() {
        let answer = dressed(json!({"as_header": "x-token"}));
        assert_eq!(answer.header, Some(("x-token".to_owned(), "t".to_owned())));
        assert!(!answer.members.contains_key("access_token"));
    }
}
