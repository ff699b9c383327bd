//! The outbound client against hostile addresses, hostile names and hostile servers on real sockets.
#![cfg(test)]

mod addresses;
mod limits;
mod names;
mod provider;
mod tls;
mod travel;
mod wire;
