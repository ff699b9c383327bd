//! The provider over a real listener, seen by a real HTTP client.

#[cfg(test)]
mod authorize;
#[cfg(test)]
mod control;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod flow;
#[cfg(test)]
mod oauth1;
#[cfg(test)]
mod quirks;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod support;
