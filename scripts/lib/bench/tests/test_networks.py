"""The networks of the overlap measurement."""

from ipaddress import IPv4Network, ip_network

from bench.plan.networks import networks


def test_networks_are_the_same_for_the_same_seed():
    assert networks(100, seed=1) == networks(100, seed=1) != networks(100, seed=2)


def test_networks_are_private_and_overlap():
    parsed = [ip_network(text, strict=False) for text in networks(1_000, seed=1)]
    assert all(network.subnet_of(IPv4Network("10.0.0.0/8")) for network in parsed)
    assert {network.prefixlen for network in parsed} == set(range(16, 33))
    assert any(one != other and one.overlaps(other) for one in parsed for other in parsed)
