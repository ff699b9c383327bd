"""`make oauth1`: our signatures take an account at Authlib (server.py) through the three legs, with every method.

    legs.py PROGRAM

PROGRAM is the example oauth1_sign, which signs what stands on its input. Ends with 1 at the first thing that is not so.
"""

import contextlib
import json
import secrets
import socket
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# No percent sign: see server.py.
CALLBACK = "https://connections.example/callback?svc=1&x=a+b"
METHODS = ["hmac_sha1", "hmac_sha256", "rsa_sha1", "plaintext"]
# What a form or a query may hold.
HOSTILE = [
    ("a", "2 q"),
    ("a", "2+q"),
    ("a", ""),
    ("", "x"),
    ("b%20", "%25&=+~"),
    ("é☃", "😀\r\n"),
    ("z[]", "'$\"\\"),
    ("z[]", "1"),
]


@contextlib.contextmanager
def provider():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    program = [sys.executable, str(Path(__file__).with_name("server.py")), "--port", str(port)]
    with subprocess.Popen(program, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        try:
            origin = f"http://127.0.0.1:{port}"
            for _ in range(200):
                with contextlib.suppress(requests.ConnectionError):
                    requests.get(f"{origin}/ledger", timeout=5)
                    break
                time.sleep(0.05)
            yield origin
        finally:
            child.terminate()


class App:
    """An application of ours at the provider, which signs with one method."""

    def __init__(self, program, origin, method):
        self.program, self.origin, self.method, self.skew = program, origin, method, 0
        pair = rsa.generate_private_key(65537, 2048)
        public = pair.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        asked = {"redirects": [CALLBACK], "rsa_public_key": public.decode()}
        known = requests.post(f"{origin}/clients", json=asked, timeout=5).json()
        private = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.key, self.secret = known["key"], known["secret"]
        if method == "rsa_sha1":
            self.secret = pair.private_bytes(*private).decode()

    def signed(self, verb, url, form=(), token=None, realm=None, **extra):
        line = {
            "http_method": verb,
            "url": url,
            "form": list(form),
            "method": self.method,
            "key": self.key,
            "secret": self.secret,
            "token": token,
            "nonce": secrets.token_urlsafe(9),
            "timestamp": int(time.time()) + self.skew,
            "extra": list(extra.items()),
            "realm": realm,
        }
        answer = subprocess.run([self.program], input=json.dumps(line), capture_output=True, text=True, check=True)
        return json.loads(answer.stdout)

    def ask(self, verb, path, form=(), query=False, **further):
        """Signs a request and sends it, with the parameters in a header or in the query."""
        url = self.origin + path
        signed = self.signed(verb, url, form, **further)
        headers = {} if query else {"Authorization": signed["header"]}
        body = {"data": urlencode(form), "headers": {**headers, **FORM}} if form else {"headers": headers}
        return requests.request(verb, signed["url"] if query else url, timeout=5, allow_redirects=False, **body)

    def begin(self, **further):
        answer = self.ask("POST", "/initiate", oauth_callback=CALLBACK, **further)
        assert answer.status_code == 200, answer.text
        found = dict(parse_qsl(answer.text))
        assert found["oauth_callback_confirmed"].lower() == "true"
        return found["oauth_token"], found["oauth_token_secret"]

    def decide(self, token, decision="allow"):
        page = requests.get(f"{self.origin}/authorize", params={"oauth_token": token}, timeout=5)
        assert self.key in page.text and 'value="deny"' in page.text
        form = {"oauth_token": token, "user": "grace", "decision": decision}
        answer = requests.post(f"{self.origin}/authorize", data=form, timeout=5, allow_redirects=False)
        assert answer.headers["Location"].startswith(CALLBACK)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}

    def finish(self, temporary, verifier):
        answer = self.ask("POST", "/token", token=temporary, oauth_verifier=verifier)
        assert answer.status_code == 200, answer.text
        found = dict(parse_qsl(answer.text))
        assert found["screen_name"] == "grace"
        return found["oauth_token"], found["oauth_token_secret"]


def three_legs(app):
    temporary = app.begin()
    brought = app.decide(temporary[0])
    assert brought["oauth_token"] == temporary[0]
    token = app.finish(temporary, brought["oauth_verifier"])
    for query in (False, True):
        me = app.ask("GET", "/api/me", token=token, query=query)
        assert me.json() == {"user": "grace", "consumer": app.key}, me.text
        address = f"/api/echo?{urlencode(HOSTILE)}"
        echo = app.ask("POST", address, form=HOSTILE, token=token, query=query)
        assert [tuple(pair) for pair in echo.json()["form"]] == HOSTILE, echo.text
        assert [tuple(pair) for pair in echo.json()["query"]][: len(HOSTILE)] == HOSTILE
        assert app.ask("GET", address, token=token, query=query).status_code == 200
    return token


def refusals(app, token):
    """What the provider refuses, so that its consents are worth something."""

    def refused(answer, status, *words):
        assert answer.status_code == status and all(word in answer.text for word in words), answer.text

    url = f"{app.origin}/api/me"
    once = {"Authorization": app.signed("GET", url, token=token)["header"]}
    assert requests.get(url, headers=once, timeout=5).status_code == 200
    refused(requests.get(url, headers=once, timeout=5), 401, "invalid_nonce")
    if app.method != "plaintext":
        other = {"Authorization": app.signed("GET", url, token=token)["header"]}
        refused(requests.get(f"{url}?x=1", headers=other, timeout=5), 401, "invalid_signature")
    refused(app.ask("GET", "/api/me", token=("nobody's", token[1])), 401, "invalid_token")
    refused(app.ask("POST", "/initiate", oauth_callback="https://evil.example/"), 401, "oauth_callback")
    assert app.decide(app.begin()[0], "deny")["denied"]


def other_times_and_realms(app, token):
    def change(**settings):
        requests.patch(f"{app.origin}/settings", json=settings, timeout=5)

    change(skew=7200)
    late = app.ask("GET", "/api/me", token=token)
    assert late.status_code == 401 and "oauth_problem=timestamp_refused" in late.text
    assert 'oauth_problem="timestamp_refused"' in late.headers["WWW-Authenticate"]
    app.skew = round(parsedate_to_datetime(late.headers["Date"]).timestamp() - time.time())
    assert 7195 < app.skew < 7205, "the Date header tells the provider's time"
    assert app.ask("GET", "/api/me", token=token).status_code == 200
    app.skew = 0
    change(skew=0, realm="Photos & more")
    assert app.ask("GET", "/api/me", token=token).status_code == 401
    assert app.ask("GET", "/api/me", token=token, realm="Photos & more").status_code == 200
    change(realm=None, callback_confirmed=False)
    assert "confirmed" not in app.ask("POST", "/initiate", oauth_callback=CALLBACK).text
    change(callback_confirmed=True)


def main():
    started = time.monotonic()
    with provider() as origin:
        for method in METHODS:
            app = App(sys.argv[1], origin, method)
            token = three_legs(app)
            refusals(app, token)
        other_times_and_realms(app, token)
        ledger = requests.get(f"{origin}/ledger", timeout=5).json()
    good = sum(entry["status"] < 400 for entry in ledger)
    took = time.monotonic() - started
    counts = f"{good} requests accepted, {len(ledger) - good} refused"
    print(f"{len(METHODS)} methods through three legs: {counts}, after {took:.0f} s")


if __name__ == "__main__":
    main()
