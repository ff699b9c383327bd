//! What every request sees.

use std::{net::IpAddr, sync::Arc};

use app::Assets;
use engine::Engine;

use crate::config::PublicUrl;

/// Made once at start.
pub(crate) struct App {
    /// The product.
    pub(crate) engine: Arc<Engine>,
    /// Where browsers reach it.
    pub(crate) public: PublicUrl,
    /// What the browser loads.
    pub(crate) assets: Assets,
    /// Reverse proxies whose word on the client's address is taken.
    pub(crate) proxies: Vec<IpAddr>,
}

/// Shared by all handlers.
pub(crate) type AppState = Arc<App>;
