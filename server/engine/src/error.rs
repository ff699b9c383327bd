//! What a use case answers when it does not do its work.

use domain::{form::FieldErrors, problem::Problem};

use crate::{store::StoreError, vault::VaultError};

/// Mapped to words once, by [`EngineError::problem`].
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The vault.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Fields are wrong.
    #[error("fields are wrong")]
    Fields(FieldErrors),
    /// A failure with a code of its own.
    #[error("{}", .0.code())]
    Problem(Problem),
    /// Detached work ended without an answer: the server is stopping, or it failed inside.
    #[error("the work was interrupted")]
    Interrupted,
}

impl EngineError {
    /// One wrong field.
    #[must_use]
    pub fn field(name: &str, message: impl std::fmt::Display) -> Self {
        Self::Fields(FieldErrors::one(name, message))
    }

    /// Whether the thing that was asked for does not exist, or belongs to another organization.
    #[must_use]
    pub const fn is_not_found(&self) -> bool {
        matches!(self, Self::Store(StoreError::NotFound))
    }

    /// Turns the named constraint into a field error and leaves everything else as it is.
    #[must_use]
    pub fn on_constraint(self, constraint: &str, field: &str, message: impl std::fmt::Display) -> Self {
        match self {
            Self::Store(error) if error.is_constraint(constraint) => Self::field(field, message),
            other => other,
        }
    }

    /// The failure in the words of the contract. What has none of its own is the server's trouble.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Fields(errors) => Problem::Invalid(errors),
            Self::Store(_) | Self::Vault(_) | Self::Interrupted => Problem::Unavailable,
        }
    }
}

impl From<FieldErrors> for EngineError {
    fn from(errors: FieldErrors) -> Self {
        Self::Fields(errors)
    }
}
impl From<Problem> for EngineError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}
