//! What a client's provider insists on at the authorize endpoint.

use crate::parameters::Parameters;
use crate::quirks::{AuthorizeQuirks, Quirks, Unmet};

/// Demands on the parameters.
pub(super) fn check(quirks: &Quirks, given: &Parameters) -> Result<(), Unmet> {
    let wanted = &quirks.authorize;
    check_response_type(wanted, given)?;
    check_scope(wanted, given)?;
    Unmet::unless_values("authorize.parameters", given, &wanted.parameters)?;
    let audience = wanted.audience.as_deref();
    Unmet::unless_value("authorize.audience", given, "audience", audience)?;
    quirks.check_resource(given)?;
    let via = wanted.via_fragment.then_some("spa");
    Unmet::unless_value("authorize.via_fragment", given, "via", via)?;
    let nonce = !wanted.nonce || given.has("nonce");
    Unmet::unless(nonce, "authorize.nonce", "nonce is missing.")
}

/// Demands on how the query is written.
pub(super) fn check_query(wanted: &AuthorizeQuirks, query: &str) -> Result<(), Unmet> {
    let pairs = || {
        query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
    };
    let empty = pairs().any(|(_, value)| value.is_empty());
    let demand = "authorize.no_empty";
    Unmet::unless(!(wanted.no_empty && empty), demand, "A parameter has no value.")?;
    if !wanted.raw_scope {
        return Ok(());
    }
    let mut lists = pairs().filter(|(name, _)| *name == wanted.scope_parameter());
    let plain = lists.all(|(_, list)| is_raw(wanted, list));
    let told = "The scope must not be percent-encoded.";
    Unmet::unless(plain, "authorize.raw_scope", told)
}

/// The nonce, where the client must send one.
pub(super) fn nonce(quirks: &Quirks, given: &Parameters) -> Option<String> {
    let wanted = quirks.authorize.nonce;
    given.all("nonce").next().filter(|_| wanted).map(str::to_owned)
}

fn check_response_type(wanted: &AuthorizeQuirks, given: &Parameters) -> Result<(), Unmet> {
    let absent = !wanted.no_response_type || !given.has("response_type");
    let demand = "authorize.no_response_type";
    Unmet::unless(absent, demand, "response_type must not be there.")?;
    let text = wanted.response_type.as_deref();
    Unmet::unless_value("authorize.response_type", given, "response_type", text)
}

fn check_scope(wanted: &AuthorizeQuirks, given: &Parameters) -> Result<(), Unmet> {
    let name = wanted.scope_parameter();
    let named = wanted.scope_parameter.is_none() || given.has(name);
    let told = format!("The scope must stand in {name}.");
    Unmet::unless(named, "authorize.scope_parameter", told)?;
    let second = wanted.second_scope_parameter.as_deref();
    let told = format!("{} is missing.", second.unwrap_or_default());
    let demand = "authorize.second_scope_parameter";
    Unmet::unless(second.is_none_or(|name| given.has(name)), demand, told)?;
    let Some(delimiter) = wanted.scope_delimiter else {
        return Ok(());
    };
    let raw_plus = wanted.raw_scope && delimiter == '+';
    let spaced = given.all(name).any(|list| list.contains(' '));
    let told = format!("The scopes must be joined by {delimiter}.");
    Unmet::unless(raw_plus || !spaced, "authorize.scope_delimiter", told)
}

/// Whether the characters that need no encoding have none. A raw plus is a space to whoever reads the query,
/// so where it joins the scopes no space may be encoded either.
fn is_raw(wanted: &AuthorizeQuirks, list: &str) -> bool {
    let list = list.to_ascii_uppercase();
    let encoded = ["%3A", "%2F", "%2C", "%2B"];
    let spaced = wanted.scope_delimiter == Some('+') && list.contains("%20");
    !spaced && !encoded.iter().any(|code| list.contains(code))
}
