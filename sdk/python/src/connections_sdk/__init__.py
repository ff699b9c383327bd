"""Fresh OAuth credentials for functions.

Two ways in. A *connector* keeps an access token at hand and renews it by itself::

    import connections_sdk

    app = connections_sdk.initialize()  # CONNECTIONS_URL and CONNECTIONS_KEY
    connector = app.connection({"zoom": {}}).get_connector("zoom")
    access_token = connector.get_access_token()

A *client* has whole calls made, so that no token is ever seen::

    client = connections_sdk.Client()
    answer = client.connection("zoom").get("/users/me").raise_for_status()

# Layout
- ``app``, ``connection``, ``connector``: the first way; ``registry`` keeps connectors between invocations
- ``client``, ``linked``, ``answer``: the second way
- ``settings``, ``configuration``: what is given, parsed once
- ``token``, ``credentials``: what comes back
- ``api``: the two calls behind a connector; ``retry`` repeats them
- ``transport``, ``pool``, ``path``: HTTP; ``problem`` turns refusals into ``errors``
- ``cache``, ``seal``, ``lock``: the file that processes share
- ``fork``: what a child process must not inherit
"""

__version__ = "0.1.0"

from .answer import Answer
from .app import App, initialize
from .client import Client
from .configuration import ConnectorConfiguration
from .connection import Connection
from .connector import Connector
from .credentials import Credentials
from .errors import (
    ConfigurationError,
    ConnectionsError,
    Disabled,
    Forbidden,
    Invalid,
    InvalidKey,
    NeedsReauthorization,
    NetworkError,
    NotConnected,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    Revoked,
    TooLarge,
    Unavailable,
    UnknownConnection,
)
from .linked import LinkedConnection

__all__ = [
    "Answer",
    "App",
    "Client",
    "ConfigurationError",
    "Connection",
    "ConnectionsError",
    "Connector",
    "ConnectorConfiguration",
    "Credentials",
    "Disabled",
    "Forbidden",
    "Invalid",
    "InvalidKey",
    "LinkedConnection",
    "NeedsReauthorization",
    "NetworkError",
    "NotConnected",
    "ProviderError",
    "ProviderUnavailable",
    "RateLimited",
    "Revoked",
    "TooLarge",
    "Unavailable",
    "UnknownConnection",
    "initialize",
]
