"""Which network addresses are outside: where a partner's server can be, and nothing of ours.

This machine, private networks, link-local ones (where clouds keep their credentials), shared carrier space,
multicast and what is reserved are inside. An IPv6 address that carries an IPv4 one is what that one is.

>>> is_outside("8.8.8.8"), is_outside("10.0.0.5"), is_outside("127.0.0.1"), is_outside("169.254.169.254")
(True, False, False, False)
>>> is_outside("2001:4860:4860::8888"), is_outside("::ffff:10.0.0.5"), is_outside("64:ff9b::a00:5")
(True, False, False)
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_EMBEDDING = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))  # RFC 6052, and RFC 4291 2.5.5.1


def is_outside(address: str) -> bool:
    """Whether an address is of the public network. Raises ValueError for what is no address."""
    found = _carried(ip_address(address.partition("%")[0]))
    return found.is_global and not found.is_multicast


def is_this_machine(address: str) -> bool:
    """Whether an address is of the loopback. Raises ValueError for what is no address."""
    return _carried(ip_address(address.partition("%")[0])).is_loopback


def _carried(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 one carries, itself where it carries none."""
    if not isinstance(address, IPv6Address) or address.is_loopback:
        return address
    if any(address in network for network in _EMBEDDING):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address
