//! What functions do with the credential: where it may travel, and which request shows that it works.

use leptos::prelude::*;

use crate::{
    components::{choice::select, field::Field, form::Kit},
    islands::check::Kind,
};

/// The group of the form.
#[must_use]
pub fn group(kit: &Kit<'_>) -> AnyView {
    let base = Field::url("api_base_url", "API base URL")
        .optional()
        .placeholder("https://api.provider.example/v2")
        .help("What the paths of calls are appended to.");
    let hosts = Field::new("allowed_hosts", "Allowed hosts")
        .check(Kind::Hosts)
        .optional()
        .placeholder("api.provider.example")
        .help("The credential travels to these and nowhere else. The base URL's host where this is empty.");
    let path = Field::new("sample_path", "Sample request")
        .check(Kind::Path)
        .optional()
        .placeholder("/users/me")
        .help("What the snippet calls.");
    let test = Field::new("test_path", "Test request")
        .check(Kind::Path)
        .optional()
        .placeholder("same as the sample request")
        .help("What Test connection sends. Choose one that changes nothing.");
    let methods = || vec![("GET", "GET"), ("POST", "POST")];
    view! {
        <div class="group">
            <h2>"Calls"</h2>
            <p class="soft">"What functions do with the credential."</p>
            <div class="grid">
                {base.view(kit)} {hosts.view(kit)}
                <div class="method-and-path">
                    {select(kit, "sample_method", "Sample method", methods(), None)} {path.view(kit)}
                </div>
                <div class="method-and-path">
                    {select(kit, "test_method", "Test method", methods(), None)} {test.view(kit)}
                </div>
            </div>
        </div>
    }
    .into_any()
}
