//! Secrets of the form: taken out of the fields before anything else looks at them.

use domain::{
    form::{
        FieldErrors,
        service::{SECRETS, check_secret, secret_field},
    },
    service::ServiceInput,
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

    /// What is wrong with it, where it was typed.
    pub(super) fn check(&self, input: &ServiceInput, errors: &mut FieldErrors) {
        if let (Some(field), Some(secret)) = (secret_field(&input.definition), self.of(input))
            && let Err(message) =
                check_secret(input.definition.secret(), secret.as_text().unwrap_or_default())
        {
            errors.add(field, message);
        }
    }
}
