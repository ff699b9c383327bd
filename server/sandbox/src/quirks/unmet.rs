//! A demand that a request does not meet.

use super::Wanted;
use crate::parameters::Parameters;

/// Which demand it is, by its path within the quirks, and what the client is told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unmet {
    pub(crate) demand: &'static str,
    pub(crate) description: String,
}

impl Unmet {
    pub(crate) fn new(demand: &'static str, description: impl Into<String>) -> Self {
        Self {
            demand,
            description: description.into(),
        }
    }

    /// Refuses unless `met`.
    pub(crate) fn unless(
        met: bool,
        demand: &'static str,
        description: impl Into<String>,
    ) -> Result<(), Self> {
        if met {
            Ok(())
        } else {
            Err(Self::new(demand, description))
        }
    }

    /// Refuses unless the parameter is there once and has the value; without a wanted value all is well.
    pub(crate) fn unless_value(
        demand: &'static str,
        given: &Parameters,
        name: &str,
        wanted: Option<&str>,
    ) -> Result<(), Self> {
        let Some(wanted) = wanted else { return Ok(()) };
        let met = given.one(name) == Ok(Some(wanted));
        Self::unless(met, demand, format!("The parameter {name} must be {wanted}."))
    }

    /// Refuses unless every parameter has its value.
    pub(crate) fn unless_values(
        demand: &'static str,
        given: &Parameters,
        wanted: &Wanted,
    ) -> Result<(), Self> {
        wanted
            .iter()
            .try_for_each(|(name, value)| Self::unless_value(demand, given, name, Some(value)))
    }
}
