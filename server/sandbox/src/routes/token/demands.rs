//! What a client's provider insists on at the token endpoint, but for how the client proves itself.

use super::TokenPath;
use super::answer::Refusal;
use crate::quirks::{Carrier, Quirks, Unmet};
use crate::routes::incoming::Incoming;

/// Demands on the way of the request: its address, method and body.
pub(super) fn check_way(quirks: &Quirks, incoming: &Incoming, path: &TokenPath) -> Result<(), Refusal> {
    let wanted = &quirks.token;
    let refresh = is_refresh(quirks, incoming);
    let method = wanted.method(refresh).as_str();
    if incoming.method.as_str() != method {
        let unmet = Unmet::new("token.method", format!("The method must be {method}."));
        return Err(Refusal::wrong_method(unmet));
    }
    let told = "This is not the address of this client's token endpoint.";
    let tenant = wanted.tenant == path.tenant;
    Unmet::unless(tenant, "token.tenant", told)?;
    let separate = path.refresh == (wanted.separate_refresh && refresh);
    Unmet::unless(separate, "token.separate_refresh", told)?;
    let carrier = wanted.carrier(refresh);
    let told = match carrier {
        Carrier::Form => "The body must be application/x-www-form-urlencoded.",
        Carrier::Json => "The body must be application/json.",
        Carrier::Query => "The parameters must stand in the query, and the body must be empty.",
    };
    Ok(Unmet::unless(
        incoming.carrier == Some(carrier),
        "token.body",
        told,
    )?)
}

/// Demands on the parameters, once it is known what is asked.
pub(super) fn check_parameters(quirks: &Quirks, incoming: &Incoming) -> Result<(), Refusal> {
    let given = &incoming.parameters;
    quirks.check_resource(given)?;
    if is_refresh(quirks, incoming) {
        let wanted = &quirks.token.refresh_parameters;
        return Ok(Unmet::unless_values("token.refresh_parameters", given, wanted)?);
    }
    Ok(Unmet::unless_values(
        "token.parameters",
        given,
        &quirks.token.parameters,
    )?)
}

/// The client is named in its own parameter where it is named at all.
pub(super) fn check_names(quirks: &Quirks, incoming: &Incoming) -> Result<(), Refusal> {
    let name = quirks.client_id_parameter();
    let other = name != "client_id" && incoming.parameters.has("client_id");
    let told = format!("The client must be named in {name}.");
    Ok(Unmet::unless(!other, "client_id_parameter", told)?)
}

/// Where the redirect URI of a code stands.
pub(super) fn redirect_uri<'a>(quirks: &Quirks, incoming: &'a Incoming) -> Result<&'a str, Refusal> {
    let name = quirks.redirect_uri_parameter();
    if quirks.token.redirect_uri_in_query {
        let within = incoming.carrier != Some(Carrier::Query) && incoming.parameters.has(name);
        let told = format!("{name} must stand in the address.");
        let demand = "token.redirect_uri_in_query";
        Unmet::unless(incoming.query.has(name) && !within, demand, told)?;
        return incoming.query.one(name)?.ok_or(Refusal::missing(name));
    }
    if name != "redirect_uri" {
        let told = format!("{name} is missing.");
        Unmet::unless(incoming.parameters.has(name), "redirect_uri_parameter", told)?;
    }
    incoming.parameters.one(name)?.ok_or(Refusal::missing(name))
}

pub(super) fn is_refresh(quirks: &Quirks, incoming: &Incoming) -> bool {
    let by_access = quirks.token.refresh_by_access_token.as_deref();
    let grant_type = incoming.get("grant_type");
    grant_type == Some("refresh_token") || (grant_type.is_some() && grant_type == by_access)
}
