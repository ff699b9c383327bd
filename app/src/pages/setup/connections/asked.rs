//! What a connection is asked for beside its name: the service's fields, typed credentials, and whose account it is.

pub use domain::principal::CredentialMode;
use domain::service::{Asked, ConnectionField, field::FieldKind};
use leptos::prelude::*;

use crate::components::{
    choice::Select,
    field::Field,
    form::Kit,
    frame::Need,
    pattern::pattern,
    secret::Secret,
    ticks::{Radio, radios},
};

/// The service's fields, each as the service describes it; its field in the form is `field_` and its name.
#[must_use]
pub fn fields(kit: &Kit<'_>, fields: &[ConnectionField], service: &str) -> Option<AnyView> {
    let drawn = fields.iter().map(|field| one(kit, field)).collect_view();
    (!fields.is_empty()).then(|| {
        view! {
            <div class="group">
                <h2>{format!("Which {service}")}</h2>
                <div class="grid">{drawn}</div>
            </div>
        }
        .into_any()
    })
}

fn one(kit: &Kit<'_>, field: &ConnectionField) -> AnyView {
    let name = format!("field_{}", field.name);
    let label = field.label().to_owned();
    let need = if field.optional || !field.default.is_empty() {
        Need::Never
    } else {
        Need::Always
    };
    if !field.choices.is_empty() {
        return choice(kit, field, name, label);
    }
    if field.secret {
        let secret = Secret::new(name, label).need(need);
        return match field.help.as_str() {
            "" => secret.view(kit),
            help => secret
                .help(format!("{help} {}", crate::components::secret::SEALED))
                .view(kit),
        };
    }
    let expression = field.pattern.as_ref();
    let input = Field::new(name, label)
        .machine()
        .between(&field.prefix, &field.suffix)
        .pattern(expression.and_then(|own| pattern(own.as_str(), &field.prefix, &field.suffix)));
    let input = match field.help.as_str() {
        "" => input,
        help => input.help(help.to_owned()),
    };
    let input = match field.default.as_str() {
        "" => input,
        default => input.placeholder(default.to_owned()),
    };
    let input = if field.kind == FieldKind::Number {
        input.number()
    } else {
        input
    };
    let input = if need == Need::Never {
        input.optional()
    } else {
        input
    };
    input.view(kit)
}

fn choice(kit: &Kit<'_>, field: &ConnectionField, name: String, label: String) -> AnyView {
    let mut choices: Vec<(String, String)> = field
        .choices
        .iter()
        .map(|choice| (choice.value.clone(), choice.label().to_owned()))
        .collect();
    if field.default.is_empty() {
        let words = if field.optional { "None" } else { "Choose one" };
        choices.insert(0, (String::new(), words.into()));
    }
    let need = if field.optional { Need::Never } else { Need::Always };
    let select = Select::new(name, label, choices)
        .need(need)
        .usually(field.default.clone());
    match field.help.as_str() {
        "" => select.view(kit),
        help => select.help(help.to_owned()).view(kit),
    }
}

/// The values of a typed credential; a name that two parameters share is asked for once.
#[must_use]
pub fn values(kit: &Kit<'_>, asked: &[Asked]) -> AnyView {
    let first = |(at, value): &(usize, &Asked)| asked[..*at].iter().all(|other| other.name != value.name);
    let fields = asked
        .iter()
        .enumerate()
        .filter(first)
        .map(|(_, value)| Secret::new(format!("value_{}", value.name), value.label.clone()).view(kit))
        .collect_view();
    view! {
        <div class="group">
            <h2>"Credential"</h2>
            <div class="grid">{fields}</div>
        </div>
    }
    .into_any()
}

/// *Use credentials of login user*, where there is a choice.
#[must_use]
pub fn modes(kit: &Kit<'_>, modes: &[CredentialMode], service: &str) -> Option<AnyView> {
    if modes.len() < 2 {
        return None;
    }
    let choices = modes.iter().map(|mode| Radio {
        value: mode.word(),
        label: mode.label(),
        help: None,
    });
    let words = format!(
        "Whose account at {service} a function acts for. With each person's own, everybody connects once and the function names the person."
    );
    Some(
        view! {
            <div class="group">
                {radios(kit, "credential_mode", "Use credentials of login user", "ticks", choices.collect())}
                <p class="help">{words}</p>
            </div>
        }
        .into_any(),
    )
}
