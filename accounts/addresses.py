"""From which network address a request comes; a header is believed from a trusted proxy only."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# A household or an office holds a whole network of this size, so it counts as one address.
IPV6_PREFIX = 64
UNKNOWN = "unknown"


def client_address(request: HttpRequest) -> str:
    """The address as limits count it: the nearest one that is no proxy of ours."""
    address = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while _is_trusted(address) and told:
        address = told.pop().strip()
    return _counted(address)


def _is_trusted(address: str) -> bool:
    # A web server on the same machine that speaks through a socket has no address.
    name = address or "socket"
    if name in settings.TRUSTED_PROXIES:
        return True
    try:
        found = ip_address(name)
    except ValueError:
        return False
    networks = [
        ip_network(each, strict=False) for each in settings.TRUSTED_PROXIES if each != "socket"
    ]
    return any(found in network for network in networks)


def _counted(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_PREFIX), strict=False).network_address)
    return str(found)
