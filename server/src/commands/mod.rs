//! One file a command.

use crate::cli::{Cli, Command, User};

mod add_user;
mod bootstrap;
pub(crate) mod log;
mod migrate;
mod openapi;
mod reset_password;
mod serve;

/// What ends a command early: printed once, with what to do.
pub(crate) type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs a command.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(options) => serve::run(*options).await,
        Command::Migrate(options) => migrate::run(&options).await,
        Command::Bootstrap(options) => bootstrap::run(&options).await,
        Command::Openapi => openapi::run(),
        Command::User(User::Add(options)) => add_user::run(&options).await,
        Command::User(User::ResetPassword(options)) => reset_password::run(&options).await,
    }
}

/// Prints a failure where people and supervisors look.
pub(crate) fn fail(error: &dyn std::error::Error) -> std::process::ExitCode {
    eprintln!("connections: {error}");
    std::process::ExitCode::FAILURE
}

/// One line from standard input: a password, without its line break.
fn line_from_stdin() -> Result<engine::vault::Secret, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(engine::vault::Secret::text(
        line.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}

/// Field errors as sentences, for commands.
fn in_words(error: engine::error::EngineError) -> Failure {
    match error.problem() {
        domain::problem::Problem::Invalid(errors) => {
            let lines: Vec<String> = errors
                .0
                .iter()
                .map(|e| format!("{}: {}", e.field, e.message))
                .collect();
            lines.join("; ").into()
        }
        other => other.detail().into(),
    }
}
