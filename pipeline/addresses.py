"""Which network addresses a crawl may connect to: public ones, and those that a setting allows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from pipeline.errors import ConfigError

_HOST_AND_PORT = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:/\[\]]+):(?P<port>\d{1,5})")
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_REFUSED = tuple(
    ip_network(network)
    for network in (
        "100.64.0.0/10",  # carrier-grade NAT; cloud metadata of some providers
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",  # a cloud provider's wire server, reachable from inside only
        "fec0::/10",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
)
"""Networks that Python's ``is_global`` lets through in some version, or that only machines inside can reach."""

Address = IPv4Address | IPv6Address


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet. Spellings of IPv4 within IPv6 count as the IPv4 address."""
    try:
        found = _plain(ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    inside = found.is_multicast or found.is_reserved or found.is_unspecified or found.is_loopback or found.is_link_local
    return found.is_global and not inside and not any(found in network for network in _REFUSED)


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for, where it does."""
    if not isinstance(address, IPv6Address):
        return address
    if any(address in network for network in _NAT64) or int(address) >> 32 == 0:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


@dataclass(frozen=True, slots=True)
class Allowed:
    """Private addresses that may be connected to all the same. ``hosts``: (host name or address, port)."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[tuple[str, int]] = field(default_factory=frozenset)

    def permits(self, host: str, port: int, address: str) -> bool:
        """Whether a connection to ``address``, which ``host`` was resolved to, may be made."""
        if is_public(address) or (_bare(host), port) in self.hosts or (_bare(address), port) in self.hosts:
            return True
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        return any(found in network for network in self.networks)


def parse_allowed(entries: Iterable[str]) -> Allowed:
    """Read ``ALLOW_PRIVATE_ADDRESSES``: "host:port", addresses and networks. ``ConfigError`` names what is neither."""
    networks, hosts = [], set()
    for entry in filter(None, map(str.strip, entries)):
        try:
            networks.append(ip_network(entry.strip("[]"), strict=False))
        except ValueError:
            match = _HOST_AND_PORT.fullmatch(entry)
            if not match or not 0 < int(match["port"]) < 2**16:
                raise ConfigError(
                    f"ALLOW_PRIVATE_ADDRESSES: {entry!r} is neither host:port nor an address nor a network"
                ) from None
            hosts.add((_bare(match["host"]), int(match["port"])))
    return Allowed(tuple(networks), frozenset(hosts))


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
