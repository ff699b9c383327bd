//! `connections user add`

use std::io::Write;

use domain::email::Email;
use engine::accounts::NewMember;

use super::{Failure, bootstrap::engine, in_words, line_from_stdin};
use crate::cli::AddUser;

pub(super) async fn run(options: &AddUser) -> Result<(), Failure> {
    let organization_of: Email = options.organization_of.parse()?;
    let member = NewMember {
        name: options.name.as_deref().unwrap_or(&options.email).parse()?,
        email: options.email.parse()?,
        role: options.role.parse()?,
    };
    let password = line_from_stdin()?;
    let engine = engine(&options.database, &options.keys).await?;
    let user = engine
        .add_member(&organization_of, &member, &password)
        .await
        .map_err(in_words)?;
    writeln!(std::io::stdout(), "{user}")?;
    Ok(())
}
