"""`make oauth1`: signs random requests with our code and with oauthlib, which this project did not write, and compares.

    differential.py PROGRAM [--requests N] [--seed N]

PROGRAM is the example oauth1_sign. What is compared: all parameters of the `Authorization` header, the signature
among them, and of every eighth request the query that carries the same parameters. Ends with 1 where anything differs.

Left out is what oauthlib reads differently from RFC 5849, or refuses to read, and nothing else:

- parameters named `oauth_…` in query or form: oauthlib decodes their values twice; we refuse those of section 3.1
- octets in a query that are no UTF-8: oauthlib signs U+FFFD in their place, section 3.6 wants the octets
- a `%` that begins no octet, unless it ends the query, and characters that no form encoding writes: refused
- a form with GET or HEAD: refused, though section 3.4.1.3.1 does not look at the method
- an empty token, an empty realm: taken for none; a realm with `"` or `\\`: written without escapes
- a path that ends in `;` with nothing behind it: Python's urlparse loses that character
- dot segments: a URL parser takes them away before a request is sent; port 0: refused
"""

import argparse
import base64
import collections
import concurrent.futures
import json
import random
import subprocess
import sys
import time
from itertools import repeat
from urllib.parse import parse_qsl, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from oauthlib.oauth1 import Client
from oauthlib.oauth1.rfc5849.utils import parse_authorization_header, unescape

BATCH = 5000
QUERIES = 8
FORM = "application/x-www-form-urlencoded"
# How often each method comes in a hundred. RSA is slow, and signs the same base string as the others.
METHODS = {"hmac_sha1": 55, "hmac_sha256": 30, "plaintext": 14, "rsa_sha1": 1}

UNRESERVED = "abcXYZ019-._~"
PIECES = [*UNRESERVED, *"!*'();:@&=+$,/?#[]", *'%"<>\\^`{|} ']
PIECES += ["%41", "%2B", "%2b%", "+%20", "&amp;", "a=b&c=d", "é", "ß", "☃", "東京", "😀", "e\u0301", "\u202e"]
PIECES += ["\ufeff", "\ufffd", "\u00a0", "\0", "\n", "\r\n", "\t", "\x7f", "\x80"]
# Few names, so that many stand there twice; some differ only in how they sort before and after encoding.
NAMES = ["a", "b", "A", "a b", "a+b", "a-", "a%20b", "é", "z", "", "realm", "a~", "a[]", "ｚ", "ﬀ", "oauth", "file"]
# What stays as it is in a query and is permitted by oauthlib.
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~,*@!()/?'$:;")
HOSTS = ["example.com", "EXAMPLE.com", "api.example.", "xn--bcher-kva.example", "user:pass%3Aword@example.net"]
HOSTS += ["127.0.0.1", "[::1]", "[2001:DB8:0:0:1:0:0:1]", "[::ffff:192.0.2.1]"]
SEGMENT = [*UNRESERVED, *"!$&'()*+,;=:@|", "%20", "%2F", "%2f", "%7E", "%C3%A9", "%25"]
PORTS = ["", "", "", ":", ":80", ":443", ":8080", ":0443", ":1", ":65535"]
VERBS = ["GET", "get", "HEAD", "POST", "Post", "PUT", "PATCH", "DELETE", "OPTIONS", "M-SEARCH", "X!#$%&'*+.^_`|~"]


class Requests:
    """A stream of random requests, the same for the same seed."""

    def __init__(self, seed, key):
        self.random = random.Random(seed)
        self.key = key

    def text(self, longest, shortest=0):
        return "".join(self.random.choices(PIECES, k=self.random.randint(shortest, longest)))

    def maybe(self, chance, make):
        return make() if self.random.random() < chance else None

    def pairs(self):
        def name():
            return self.random.choice(NAMES) if self.random.random() < 0.7 else self.text(4)

        found = [(name(), self.text(6)) for _ in range(self.random.choice([0, 1, 1, 2, 3, 5, 8]))]
        return [pair for pair in found if not pair[0].startswith("oauth_")]

    def spelled(self, pairs):
        """The pairs as form-encoded text, each character in one of its spellings."""

        def character(c):
            if c == " " and self.random.random() < 0.5:
                return "+"
            if c in PLAIN and self.random.random() < 0.8:
                return c
            encoded = "".join(f"%{octet:02X}" for octet in c.encode())
            return encoded if self.random.random() < 0.7 else encoded.lower()

        def pair(name, value):
            name, value = "".join(map(character, name)), "".join(map(character, value))
            return name if name and not value and self.random.random() < 0.5 else f"{name}={value}"

        return self.random.choice(["&", "&", "&", "&&"]).join(pair(*each) for each in pairs)

    def segment(self):
        word = "".join(self.random.choices(SEGMENT, k=3))
        return word if word.strip(".") else "dots"

    def path(self):
        choices = [self.segment, self.segment, self.segment, str]
        segments = [self.random.choice(choices)() for _ in range(self.random.randint(0, 4))]
        if segments and segments[-1].partition(";")[1:] == (";", ""):
            segments[-1] += "x"
        return "".join(f"/{each}" for each in segments)

    def url(self):
        scheme = self.random.choice(["https", "https", "http", "HTTP"])
        address = f"{scheme}://{self.random.choice(HOSTS)}{self.random.choice(PORTS)}{self.path()}"
        query = self.maybe(0.7, lambda: self.spelled(self.pairs()))
        if query is not None:
            address += f"?{query}" + self.random.choice(["", "", "", "", "&", "&x=%", "&x=%4"])
        return address + self.random.choice(["", "", "", "#top"])

    def __next__(self):
        verb, method = self.random.choice(VERBS), self.random.choices([*METHODS], [*METHODS.values()])[0]
        form = None if verb.upper() in ("GET", "HEAD") else self.maybe(0.6, self.pairs)
        realm = self.maybe(0.3, lambda: "".join(c for c in self.text(6) if c.isprintable() and c not in '"\\'))
        extra = self.random.choice([[], [], ["oauth_callback"], ["oauth_verifier"]])
        return {
            "http_method": verb,
            "url": self.url(),
            "form": form or [],
            "body": None if form is None else self.spelled(form),
            "method": method,
            "key": self.text(8, 1),
            "secret": self.key if method == "rsa_sha1" else self.text(8),
            "token": self.maybe(0.7, lambda: (self.text(8, 1), self.text(8))),
            "nonce": self.text(8),
            "timestamp": self.random.randint(0, 2**40),
            "extra": [(name, self.text(8, 1)) for name in extra],
            "realm": realm or None,
        }


def oauthlibs(request):
    """The header as oauthlib makes it."""
    extra, (token, token_secret) = dict(request["extra"]), request["token"] or (None, None)
    client = Client(
        request["key"],
        client_secret=request["secret"],
        resource_owner_key=token,
        resource_owner_secret=token_secret,
        callback_uri=extra.get("oauth_callback"),
        verifier=extra.get("oauth_verifier"),
        signature_method=request["method"].upper().replace("_", "-"),
        realm=request["realm"],
        nonce=request["nonce"],
        timestamp=str(request["timestamp"]),
    )
    headers = None if request["body"] is None else {"Content-Type": FORM}
    return client.sign(request["url"], request["http_method"], request["body"], headers)[1]["Authorization"]


def parameters(header):
    """The parameters of a header by name, still encoded: section 3.6 leaves one way to do that."""
    return dict(parse_authorization_header(header))


def query(url):
    return parse_qsl(urlsplit(url).query, keep_blank_values=True)


def differs(request, header, answer):
    """What is different in the header, in words; None where nothing is."""
    if "error" in answer:
        return answer["error"]
    expected, found = parameters(header), parameters(answer["header"])
    return None if expected == found else f"the header holds {found}, not {expected}"


def query_differs(request, header, answer):
    """The same for the query that carries the parameters instead of a header."""
    carried = [(name, unescape(value)) for name, value in parameters(header).items() if name != "realm"]
    if sorted(query(answer["url"])) == sorted(query(request["url"]) + carried):
        return None
    return f"the query of {answer['url']} holds other parameters"


def use_own_rsa(pem):
    """oauthlib has RSA from PyJWT, which would read the key for every signature; the base string stays oauthlib's."""
    key = serialization.load_pem_private_key(pem.encode(), None)

    def sign(base, _client):
        return base64.b64encode(key.sign(base.encode("ascii"), padding.PKCS1v15(), hashes.SHA1())).decode()

    Client.register_signature_method("RSA-SHA1", sign)


def new_key():
    pem = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return rsa.generate_private_key(65537, 2048).private_bytes(*pem).decode()


def batch(program, seed, pem):
    """Signs and compares BATCH requests: what was in them, and the differences."""
    use_own_rsa(pem)
    stream = Requests(seed, pem)
    requests = [next(stream) for _ in range(BATCH)]
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    answers = subprocess.run([program], input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout
    answers = [json.loads(line) for line in answers.splitlines()]
    headers = [oauthlibs(request) for request in requests]
    # A comparison that finds nothing must be able to find something: each answer belongs to one request only.
    assert all(map(differs, requests[1:100], headers[1:100], answers)), (
        "an answer was taken for that of another request"
    )
    both = list(zip(requests, headers, answers, strict=True))
    wrong = [(each[0], why) for each in both if (why := differs(*each))]
    wrong += [(each[0], why) for each in both[::QUERIES] if (why := query_differs(*each))]
    count = collections.Counter(request["method"] for request in requests)
    count["form"] = sum(bool(request["form"]) for request in requests)
    return count, wrong


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--requests", type=int, default=100_000, help=f"in batches of {BATCH}")
    arguments.add_argument("--seed", type=int, default=5849)
    given = arguments.parse_args()
    started = time.monotonic()

    pem, total, differences = new_key(), collections.Counter(), []
    with concurrent.futures.ProcessPoolExecutor() as pool:
        seeds = [f"{given.seed}/{number}" for number in range(-(-given.requests // BATCH))]
        for count, wrong in pool.map(batch, repeat(given.program), seeds, repeat(pem)):
            total += count
            differences += wrong
    for request, why in differences[:5]:
        print(f"{json.dumps(request)}\n  {why}", file=sys.stderr)
    signed = sum(total[method] for method in METHODS)
    print(f"{signed} requests of seed {given.seed}: {', '.join(f'{total[method]} {method}' for method in METHODS)}")
    print(f"{total['form']} with a form; {len(differences)} differences, after {time.monotonic() - started:.0f} s")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
