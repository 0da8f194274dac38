"""Connects an unmodified discord.py to the local Discord, through its `connector=` option.

The connector resolves the names of Discord's hosts to this machine. It resolves no other name, so
that no request leaves the machine. Each run makes its own certificate authority, which only the
connector trusts.
"""

import socket
import ssl
from dataclasses import dataclass

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

HOSTS = ("discord.com", "gateway.discord.gg", "cdn.discordapp.com")
MAX_CONNECTIONS = 64
"""The greatest number of connections; further requests wait until one is free. Without a limit,
slow TLS handshakes under load would cause even more handshakes.
"""


@dataclass(frozen=True)
class Certificates:
    """The certificates of one run.

    Attributes:
        server: the TLS context with which the local Discord serves.
        ca_pem: the certificate authority that the connector trusts, as PEM text.
    """

    server: ssl.SSLContext
    ca_pem: bytes


def make_certificates() -> Certificates:
    """Returns a new certificate authority, and a certificate from it for Discord's host names."""
    authority = trustme.CA(organization_name="Matinee playground")
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*HOSTS).configure_cert(server)
    return Certificates(server, authority.cert_pem.bytes())


class _Resolver(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        if host not in HOSTS:
            raise OSError(f"the playground reaches nothing outside, so not {host}")
        return [
            ResolveResult(
                hostname=host,
                host="127.0.0.1",
                port=self._port,
                family=socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]

    async def close(self) -> None:
        """Does nothing, because nothing is open."""


def connector(port: int, ca_pem: bytes) -> aiohttp.TCPConnector:
    """Returns a connector for `discord.Client(connector=…)`. Needs a running event loop.

    port: the local Discord's port for the bot.
    ca_pem: the local Discord's certificate authority, as PEM text.
    """
    trust = ssl.create_default_context(cadata=ca_pem.decode("ascii"))
    return aiohttp.TCPConnector(resolver=_Resolver(port), ssl=trust, limit=MAX_CONNECTIONS)
