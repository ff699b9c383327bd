//! The snippet for Deluge: its `invokeurl` task carries a description of the call to invoke, whose names are its own.
//!
//! Deluge has no environment. The key stands in a variable of its own, for the author to fill from wherever their
//! product keeps such values.

use serde_json::{Map, Value};

use super::{Call, Use, quote::double};

const KEY: &str = "// Put a function key here, or read it from where your product keeps its variables.
key = \"CONNECTIONS_KEY\";
headers = Map();
headers.put(\"Authorization\",\"Bearer \" + key);";

/// The task and what shows its answer.
#[must_use]
pub fn render(usage: &Use) -> String {
    let (lines, show) = match &usage.call {
        None => (
            format!(
                "\turl :{}\n\ttype :GET\n\theaders:headers",
                double(&usage.credentials_url())
            ),
            "\tinfo \"The credential works until \" + response.get(\"responseText\").toMap().get(\"expires_at\");",
        ),
        Some(call) => (invoke(usage, call), "\tinfo response.get(\"responseText\");"),
    };
    format!(
        "{KEY}
response = invokeurl
[
{lines}
\tdetailed:true
];
if(response.get(\"responseCode\") >= 400)
{{
\tinfo \"Failed: \" + response.get(\"responseText\");
}}
else
{{
{show}
}}
"
    )
}

fn invoke(usage: &Use, call: &Call) -> String {
    format!(
        "\turl :{}\n\ttype :POST\n\tparameters:{}\n\theaders:headers\n\tcontent-type:\"application/json\"",
        double(&format!("{}/api/v1/invoke", usage.server)),
        double(&description(usage, call))
    )
}

/// The call in the names of invoke.
fn description(usage: &Use, call: &Call) -> String {
    let mut names = Map::new();
    names.insert("connection".into(), usage.link_name.as_str().into());
    names.insert("url".into(), call.target().into());
    names.insert("type".into(), call.method.word().into());
    if let Some(user) = &usage.user {
        names.insert("user".into(), user.as_str().into());
    }
    if let Some(body) = &call.body {
        names.insert("content-type".into(), body.content_type.as_str().into());
        names.insert("body".into(), body.text.as_str().into());
    }
    Value::Object(names).to_string()
}
