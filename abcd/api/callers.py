"""Who calls, as far as it is counted."""

from ipaddress import ip_address, ip_network

from starlette.requests import HTTPConnection


def address_of(request: HTTPConnection) -> str:
    """Where a request comes from, as far as it is counted: an IPv4 address, or the network of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        return str(ip_network((host, 64), strict=False)) if ip_address(host).version == 6 else host
    except ValueError:
        return host
