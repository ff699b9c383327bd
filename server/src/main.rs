//! The binary `connections`.
//!
//! # Layout
//! - [`cli`]: the command line; each command is a function of [`commands`]
//! - [`config`]: settings, read once, each refused by name where it is wrong
//! - [`state`], [`assets`]: what every request sees
//! - [`listen`]: accepts connections; [`router`]: every route; [`layers`]: what every request passes
//! - [`session`], [`auth`]: who is there
//! - [`forms`]: the one mechanism behind every form
//! - [`view`]: from a page to a response
//! - [`error`]: failures to responses
//! - [`routes`]: one file an area

mod assets;
mod auth;
mod cli;
mod commands;
mod config;
mod done;
mod error;
mod forms;
mod layers;
mod listen;
mod router;
mod routes;
mod session;
mod state;
mod view;

use clap::Parser;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let cli = cli::Cli::parse();
    commands::log::start();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return commands::fail(&error),
    };
    match runtime.block_on(commands::run(cli)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => commands::fail(&*error),
    }
}
