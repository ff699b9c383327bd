//! `connections openapi`

use std::io::Write as _;

use super::Failure;
use crate::routes::api::openapi::document;

pub(super) fn run() -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{:#}", document())?;
    Ok(())
}
