//! Secrets of the form: taken out of the fields before anything else looks at them.

use domain::{
    form::{
        FieldErrors, Fields,
        service::{SECRETS, check_secret, secret_field, wanted_secret},
    },
    service::{ServiceInput, ServiceSecret},
};
use engine::vault::Secret;

use crate::forms::Posted;

/// What was typed into the secret fields.
pub(super) struct Typed(Vec<(&'static str, Secret)>);

impl Typed {
    /// Takes them out of a form.
    pub(super) fn take(posted: &mut Posted) -> Self {
        let one = |name| (name, posted.secret(name));
        Self(SECRETS.into_iter().map(one).collect())
    }

    /// The one that goes with a definition; None where it was left empty, or where the service has none.
    pub(super) fn of(&self, input: &ServiceInput) -> Option<&Secret> {
        let wanted = secret_field(&input.definition)?;
        let (_, secret) = self.0.iter().find(|(name, _)| *name == wanted)?;
        (!secret.bytes().is_empty()).then_some(secret)
    }

    /// What is wrong with the one that the fields ask for, also where they have other mistakes.
    ///
    /// An edit keeps the stored secret where none was typed: none is `needed`.
    pub(super) fn check(&self, fields: &Fields, needed: bool, errors: &mut FieldErrors) {
        let Some(wanted) = wanted_secret(fields) else {
            return;
        };
        let kind = match wanted {
            "private_key" => ServiceSecret::PrivateKey,
            _ => ServiceSecret::Text,
        };
        let typed = self.0.iter().find(|(name, _)| *name == wanted);
        let text = typed.and_then(|(_, secret)| secret.as_text()).unwrap_or_default();
        if (needed || !text.is_empty())
            && let Err(message) = check_secret(kind, text)
        {
            errors.add(wanted, message);
        }
    }
}
