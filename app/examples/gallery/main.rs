//! Every page in its states with made-up models, as HTML files to look at: `gallery FOLDER [PREFIX OF ASSETS]`.
//!
//! # Layout
//! - [`models`]: the people, services and connections of the gallery
//! - [`pages`]: every page in its states

#![expect(
    clippy::unwrap_used,
    reason = "a made-up value that does not parse is a mistake made here"
)]

use std::{env, fs, io, path::PathBuf};

mod models;
mod pages;

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "target/gallery".into()));
    let prefix = arguments.next().unwrap_or_default();
    let assets = app::Assets {
        script: format!("{prefix}/connections.js"),
        wasm: format!("{prefix}/connections_bg.wasm"),
        style: format!("{prefix}/main.css"),
    };
    fs::create_dir_all(&folder)?;
    for (name, page) in pages::all() {
        fs::write(
            folder.join(format!("{name}.html")),
            app::render(page, &assets, "gallery"),
        )?;
    }
    Ok(())
}
