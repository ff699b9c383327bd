//! The site: style sheet, script and program, built by `make site` and carried in the binary. Names hold a hash of
//! the content, so a browser keeps them for ever; each has a brotli twin.

use app::Assets;
use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../target/site"]
#[allow_missing = true]
struct Site;

/// The site was not built.
#[derive(Debug, thiserror::Error)]
#[error("the binary was built without the site. Run: make site")]
pub(crate) struct NoSite;

/// Reads which files make up the site.
pub(crate) fn load() -> Result<Assets, NoSite> {
    let manifest = Site::get("manifest.json").ok_or(NoSite)?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.data).map_err(|_| NoSite)?;
    let path = |name: &str| {
        manifest
            .get(name)
            .and_then(|v| v.as_str())
            .map(str::to_owned)
            .ok_or(NoSite)
    };
    Ok(Assets {
        script: path("script")?,
        wasm: path("wasm")?,
        style: path("style")?,
    })
}

/// `GET /assets/{file}`
pub(crate) async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let kind = match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    let brotli = accepted
        .split(',')
        .any(|word| word.split(';').next().is_some_and(|name| name.trim() == "br"));
    let twin = if brotli {
        Site::get(&format!("{file}.br"))
    } else {
        None
    };
    let compressed = twin.is_some();
    let Some(found) = twin.or_else(|| Site::get(&file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = found.data.into_owned().into_response();
    let answer = response.headers_mut();
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if compressed {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    response
}
