"""The way from an unmodified discord.py to the local Discord: its public `connector=` option.

The connector answers the names of Discord's hosts with this machine and trusts, for itself only,
the throwaway certificate authority of one run. Nothing else resolves, so nothing leaves.
"""

import socket
import ssl
from dataclasses import dataclass

import aiohttp
import trustme
from aiohttp.abc import AbstractResolver, ResolveResult

HOSTS = ("discord.com", "gateway.discord.gg", "cdn.discordapp.com")
MOST_CONNECTIONS = (
    64  # beyond it requests wait: under load, TLS handshakes would feed on themselves
)


@dataclass(frozen=True)
class Certificates:
    """What the server shows and what the connector trusts."""

    server: ssl.SSLContext
    ca_pem: bytes


def make_certificates() -> Certificates:
    """A new authority and a certificate for Discord's host names, for one run."""
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
        """Nothing is open."""


def connector(port: int, ca_pem: bytes) -> aiohttp.TCPConnector:
    """A connector for `discord.Client(connector=…)`. Call it with an event loop running."""
    trust = ssl.create_default_context(cadata=ca_pem.decode("ascii"))
    return aiohttp.TCPConnector(resolver=_Resolver(port), ssl=trust, limit=MOST_CONNECTIONS)
