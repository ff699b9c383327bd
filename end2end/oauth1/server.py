"""A provider of OAuth 1.0a that this project did not write: Authlib decides, Flask listens. For tests, on loopback.

    server.py --port PORT [--key KEY --secret SECRET] [--rsa-public-key FILE] [--redirect URL]... [--realm REALM]
              [--skew SECONDS] [--callback-confirmed true|false] [--denial denied|problem|error]

    POST /initiate   /token          temporary and token credentials
    GET  /authorize                  a person consents: a name, Allow, Deny
    GET  /api/me                     signed: whose account it is, and which client asks
    GET  /api/echo   POST /api/echo  signed: the parameters that came

For the tests themselves, not signed:

    GET  /ledger                     every request to the routes above
    GET  /secrets                    every secret that was handed out or shown here
    POST /clients                    {"redirects": [...], "rsa_public_key": "..."} -> {"key", "secret"}
    PATCH /settings                  {"realm", "skew", "callback_confirmed", "denial"}, each as on the command line
    DELETE /tokens                   no token is good any more

HMAC-SHA1, RSA-SHA1 and PLAINTEXT are Authlib's; HMAC-SHA256 is registered here, over Authlib's base string. A nonce
that was seen before is refused. Where Authlib differs from RFC 5849:

- it decodes the values of parameters named `oauth_…` once too often: a callback with a percent sign cannot be signed
- it leaves every parameter `realm` out of the base string, not only that of the header
- it refuses some characters that may stand in a query as they are, such as `'` and `$`
- it confirms a callback with `True`
"""

import argparse
import base64
import hashlib
import hmac
import logging
import os
import secrets
import time
from urllib.parse import parse_qsl, urlencode

from authlib.integrations.flask_oauth1 import (
    AuthorizationServer,
    ResourceProtector,
    create_exists_nonce_func,
    register_nonce_hooks,
    register_temporary_credential_hooks,
)
from authlib.oauth1 import ClientMixin, OAuth1Request, TokenCredentialMixin
from authlib.oauth1.errors import OAuth1Error
from authlib.oauth1.rfc5849.base_server import BaseServer
from authlib.oauth1.rfc5849.signature import generate_signature_base_string
from authlib.oauth1.rfc5849.util import escape
from flask import Flask, Response, jsonify, render_template_string, request
from werkzeug.http import http_date
from werkzeug.serving import WSGIRequestHandler

FORM = "application/x-www-form-urlencoded"
# What a provider grants on either side of its own time.
PATIENCE = 300
PAGE = """<!doctype html><html lang="en"><title>Consent</title><h1>Let {{ client }} in?</h1>
<form method="post" action="/authorize"><input type="hidden" name="oauth_token" value="{{ token }}">
<label>Name <input name="user" value="ada"></label>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form></html>"""


# --- what it knows ------------------------------------------------------------------------------------------


class Client(ClientMixin):
    def __init__(self, key, secret, redirects=(), rsa_public_key=None):
        self.key, self.secret, self.redirects, self.rsa_public_key = key, secret, list(redirects), rsa_public_key

    def get_default_redirect_uri(self):
        return self.redirects[0] if self.redirects else None

    def get_client_secret(self):
        return self.secret

    def get_rsa_public_key(self):
        return self.rsa_public_key


class Token(TokenCredentialMixin):
    def __init__(self, token, secret, client, user):
        self.token, self.secret, self.client, self.user = token, secret, client, user

    def get_oauth_token(self):
        return self.token

    def get_oauth_token_secret(self):
        return self.secret


class User(str):
    def get_user_id(self):
        return str(self)


class Memory(dict):
    """The cache that Authlib keeps temporary credentials and nonces in."""

    def set(self, key, value, timeout=None):
        self[key] = value

    def has(self, key):
        return key in self

    def delete(self, key):
        self.pop(key, None)


class Refused(OAuth1Error):
    """A refusal as the OAuth Problem Reporting extension words it."""

    status_code = 401

    def __init__(self, problem, **further):
        super().__init__()
        self.body = [("oauth_problem", problem), *further.items()]

    def get_body(self):
        return self.body


settings = {"realm": None, "skew": 0, "callback_confirmed": True, "denial": "denied"}
clients, tokens, ledger, memory, handed_out = {}, {}, [], Memory(), set()


def now():
    return int(time.time()) + settings["skew"]


# --- Authlib ------------------------------------------------------------------------------------------------


def hmac_sha256(asked):
    key = f"{escape(asked.client_secret or '')}&{escape(asked.token_secret or '')}"
    digest = hmac.new(key.encode(), generate_signature_base_string(asked).encode(), hashlib.sha256).digest()
    return hmac.compare_digest(base64.b64encode(digest).decode(), asked.signature)


def asked():
    """The request with what was sent: Flask's own address is decoded, and its forms hold each name once."""
    form = request.get_data(as_text=True) if request.mimetype == FORM else None
    return OAuth1Request(
        request.method, request.host_url.rstrip("/") + request.environ["RAW_URI"], form, request.headers
    )


class Provider(AuthorizationServer):
    EXPIRY_TIME = None  # punctual() compares with our own time

    def create_oauth1_request(self, _request):
        return asked()

    def handle_response(self, status_code, payload, headers):
        payload = list(payload)
        handed_out.update(value for name, value in payload if name in ("oauth_token_secret", "oauth_verifier"))
        if not settings["callback_confirmed"]:
            payload = [pair for pair in payload if pair[0] != "oauth_callback_confirmed"]
        return super().handle_response(status_code, payload, headers)


class Protector(ResourceProtector):
    EXPIRY_TIME = None


app = Flask(__name__)
app.config["OAUTH1_SUPPORTED_SIGNATURE_METHODS"] = ["HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT"]
BaseServer.register_signature_method("HMAC-SHA256", hmac_sha256)
provider = Provider(app, query_client=clients.get)
register_nonce_hooks(provider, memory)
register_temporary_credential_hooks(provider, memory)


def owned_token(key, token):
    found = tokens.get(token)
    return found if found and found.client == key else None


protector = Protector(app, clients.get, owned_token, create_exists_nonce_func(memory))


def keep(token, temporary):
    kept = Token(token["oauth_token"], token["oauth_token_secret"], temporary.get_client_id(), temporary.get_user_id())
    tokens[kept.token] = kept
    return kept


provider.register_hook("create_token_credential", keep)


# --- what Authlib leaves to a provider ------------------------------------------------------------------------


def punctual(seen):
    """Authlib refuses old timestamps only, by the machine's clock, and then forgets the temporary credentials."""
    stamp = seen.timestamp
    if stamp is not None and not (stamp.isdecimal() and abs(int(stamp) - now()) <= PATIENCE):
        acceptable = f"{now() - PATIENCE}-{now() + PATIENCE}"
        raise Refused("timestamp_refused", oauth_acceptable_timestamps=acceptable)


def in_realm(seen):
    if settings["realm"] is not None and seen.realm != settings["realm"]:
        raise Refused("parameter_rejected", oauth_parameters_rejected="realm")


def registered(seen):
    """A callback is one that the client's developer named, whatever its query says."""
    client = clients.get(seen.client_id)
    callback = seen.redirect_uri or ""
    if client and client.redirects and not {callback, callback.partition("?")[0]} & set(client.redirects):
        raise Refused("parameter_rejected", oauth_parameters_rejected="oauth_callback")


def signed():
    """The checks that come before Authlib's; the entry in the ledger tells what was seen."""
    seen = asked()
    request.entry = {
        "client": seen.client_id,
        "token": seen.token,
        "signature_method": seen.signature_method,
        "placement": (seen.signature_type or "").lower(),
        "timestamp": seen.timestamp,
        "nonce": seen.oauth_params.get("oauth_nonce"),
        "realm": seen.realm,
    }
    punctual(seen)
    in_realm(seen)
    return seen


def protected():
    seen = signed()
    return protector.validate_request(seen.method, seen.uri, seen.body, seen.headers)


@app.post("/initiate")
def initiate():
    registered(signed())
    return provider.create_temporary_credentials_response()


@app.get("/authorize")
def consent():
    seen = provider.check_authorization_request()
    return render_template_string(PAGE, client=seen.credential.get_client_id(), token=seen.token)


@app.post("/authorize")
def decide():
    seen = provider.check_authorization_request()
    if request.form.get("decision") == "allow":
        return provider.create_authorization_response(grant_user=User(request.form.get("user", "")))
    denials = {
        "denied": [("denied", seen.token)],
        "problem": [("oauth_token", seen.token), ("oauth_problem", "user_refused")],
    }
    if settings["denial"] not in denials:
        return provider.create_authorization_response(grant_user=None)
    address = seen.credential.get_redirect_uri()
    address += ("&" if "?" in address else "?") + urlencode(denials[settings["denial"]])
    return Response(status=302, headers={"Location": address})


@app.post("/token")
def exchange():
    signed()
    response = provider.create_token_response()
    if response.status_code == 200:
        token = dict(parse_qsl(response.get_data(as_text=True)))["oauth_token"]
        # As Twitter does, for whoever wants to show whose account it is.
        response.set_data(response.get_data() + f"&{urlencode({'screen_name': tokens[token].user})}".encode())
    return response


@app.get("/api/me")
def me():
    found = protected()
    return jsonify(user=found.credential.user, consumer=found.client_id)


@app.route("/api/echo", methods=["GET", "POST"])
def echo():
    found = protected()
    return jsonify(method=found.method, query=found.query_params, form=found.body_params)


@app.errorhandler(OAuth1Error)
def refuse(error):
    body = list(error.get_body())
    response = Response(urlencode(body), status=error.status_code, content_type=FORM)
    if error.status_code == 401:
        said = [("realm", settings["realm"] or "tests"), *body]
        response.headers["WWW-Authenticate"] = "OAuth " + ", ".join(f'{name}="{escape(text)}"' for name, text in said)
    return response


@app.errorhandler(ValueError)
def unreadable(error):
    """Authlib's parsers raise what is no OAuth error."""
    return Response(
        urlencode({"error": "invalid_request", "error_description": str(error)}), status=400, content_type=FORM
    )


@app.after_request
def write_down(response):
    if request.path in ("/initiate", "/authorize", "/token", "/api/me", "/api/echo"):
        refused = dict(parse_qsl(response.get_data(as_text=True))) if response.status_code >= 400 else {}
        error = refused.get("oauth_problem") or refused.get("error")
        entry = getattr(request, "entry", {})
        ledger.append(
            {"path": request.path, "method": request.method, **entry, "status": response.status_code, "error": error}
        )
    return response


# --- for the tests --------------------------------------------------------------------------------------------


@app.get("/ledger")
def show_ledger():
    return jsonify(ledger)


@app.get("/secrets")
def show_secrets():
    return jsonify(sorted(handed_out))


@app.post("/clients")
def register():
    client = Client(secrets.token_urlsafe(12), secrets.token_urlsafe(24), **request.get_json())
    clients[client.key] = client
    handed_out.add(client.secret)
    return jsonify(key=client.key, secret=client.secret)


@app.patch("/settings")
def change():
    settings.update({name: value for name, value in request.get_json().items() if name in settings})
    return jsonify(settings)


@app.delete("/tokens")
def forget():
    tokens.clear()
    return "", 204


class Handler(WSGIRequestHandler):
    def date_time_string(self, timestamp=None):
        return http_date(now() if timestamp is None else timestamp)


def main():
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--port", type=int, required=True)
    given.add_argument("--key", help="of a client that is known from the start")
    given.add_argument("--secret", default="", help="its shared secret")
    given.add_argument("--rsa-public-key", metavar="FILE", help="its public key in PEM")
    given.add_argument(
        "--redirect", action="append", default=[], metavar="URL", help="its callbacks; none: any is good"
    )
    given.add_argument("--realm", help="refuse requests that do not name it")
    given.add_argument("--skew", type=int, default=0, metavar="SECONDS", help="live that much later")
    given.add_argument("--callback-confirmed", choices=["true", "false"], default="true")
    given.add_argument(
        "--denial", choices=["denied", "problem", "error"], default="denied", help="how a refusal looks"
    )
    given = given.parse_args()
    if given.key:
        public = None
        if given.rsa_public_key:
            with open(given.rsa_public_key, encoding="ascii") as file:
                public = file.read()
        clients[given.key] = Client(given.key, given.secret, given.redirect, public)
    settings.update(
        realm=given.realm, skew=given.skew, denial=given.denial, callback_confirmed=given.callback_confirmed == "true"
    )
    # Signatures are what is tried here; there is no TLS on loopback.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    app.run(host="127.0.0.1", port=given.port, threaded=True, request_handler=Handler)


if __name__ == "__main__":
    main()
