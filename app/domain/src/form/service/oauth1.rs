//! The fields of OAuth 1.0a. URLs, param type, delimiter and identity are those of OAuth 2.0.

use crate::service::{OAuth1, oauth1::OAuth1Options};

use super::{Check, Print, line};

pub(super) fn read(check: &mut Check<'_>) -> Option<OAuth1> {
    let consumer_key = line(check, "consumer_key", "consumer key", 500);
    let request_token_url = check.optional("request_token_url");
    let authorize_url = check.optional("authorize_url");
    let access_token_url = check.optional("access_token_url");
    let signature_method = check.choice("signature_method");
    let param_type = check.choice("param_type");
    let options = OAuth1Options {
        realm: check.optional("realm"),
        request_method: check.choice("request_method"),
        access_method: check.choice("access_method"),
        authorize_parameters: check.choice("oauth1_authorize_parameters"),
        scope_parameter: check.optional("oauth1_scope_parameter"),
        scope_delimiter: check.choice("scope_delimiter"),
        identity_url: check.optional("identity_url"),
        identity_field: check.optional("identity_field"),
    };
    Some(OAuth1 {
        consumer_key: consumer_key?,
        request_token_url,
        authorize_url,
        access_token_url,
        signature_method,
        param_type,
        options,
    })
}

pub(super) fn print(print: &mut Print, oauth1: &OAuth1) {
    let options = &oauth1.options;
    print.text("consumer_key", &oauth1.consumer_key);
    print.optional("request_token_url", oauth1.request_token_url.as_ref());
    print.optional("authorize_url", oauth1.authorize_url.as_ref());
    print.optional("access_token_url", oauth1.access_token_url.as_ref());
    print.text("signature_method", oauth1.signature_method.word());
    print.text("param_type", oauth1.param_type.word());
    print.optional("realm", options.realm.as_ref());
    print.text("request_method", options.request_method.word());
    print.text("access_method", options.access_method.word());
    print.text("oauth1_authorize_parameters", &options.authorize_parameters);
    print.optional("oauth1_scope_parameter", options.scope_parameter.as_ref());
    print.text("scope_delimiter", options.scope_delimiter.word());
    print.optional("identity_url", options.identity_url.as_ref());
    print.optional("identity_field", options.identity_field.as_ref());
}
