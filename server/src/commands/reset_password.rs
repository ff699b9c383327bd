//! `connections user reset-password`

use domain::email::Email;

use super::{Failure, bootstrap::engine, in_words, line_from_stdin};
use crate::cli::ResetPassword;

pub(super) async fn run(options: &ResetPassword) -> Result<(), Failure> {
    let email: Email = options.email.parse()?;
    let password = line_from_stdin()?;
    let engine = engine(&options.database, &options.keys).await?;
    engine.reset_password(&email, &password).await.map_err(in_words)?;
    tracing::info!("the password is set and every session of the person has ended");
    Ok(())
}
