"""Which addresses a crawl may connect to."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addresses import is_public, parse_allowed
from pipeline.errors import ConfigError


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808"])
def test_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.10", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1", "203.0.113.9", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
        "2001:db8::1", "2001::1", "fec0::1", "", "example.org", "127.1", "2130706433",
    ],
)  # fmt: skip
def test_not_public(address):
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_within_ipv6_is_judged_as_itself(address: IPv4Address):
    mapped = IPv6Address(f"::ffff:{address}")
    assert is_public(str(mapped)) == is_public(str(address))


def test_what_a_setting_allows():
    allowed = parse_allowed(["localhost:8000", "10.0.0.0/8", " [::1]:80 ", "192.168.1.7", "", "fd00::/8"])
    assert allowed.permits("localhost", 8000, "127.0.0.1")
    assert allowed.permits("LOCALHOST.", 8000, "127.0.0.1")
    assert not allowed.permits("localhost", 8001, "127.0.0.1")
    assert allowed.permits("intranet", 80, "10.9.8.7")
    assert allowed.permits("::1", 80, "::1")
    assert not allowed.permits("::1", 81, "::1")
    assert allowed.permits("anything", 1, "192.168.1.7")
    assert not allowed.permits("anything", 1, "192.168.1.8")
    assert allowed.permits("example.org", 443, "8.8.8.8")
    assert not allowed.permits("example.org", 443, "no address")


def test_an_address_with_its_port_is_allowed_by_whatever_name():
    assert parse_allowed(["127.0.0.1:8000"]).permits("localhost", 8000, "127.0.0.1")


@pytest.mark.parametrize("entry", ["localhost", "host:0", "host:99999", "10.0.0.0/99", "a b:1", "http://localhost:80"])
def test_what_is_no_address(entry):
    with pytest.raises(ConfigError, match="ALLOW_PRIVATE_ADDRESSES"):
        parse_allowed([entry])
