"""Identifiers of the directory: an asset keeps its own, everything derived from it has one that never changes."""

from uuid import UUID, uuid5

ROOT = UUID("3f1c1f63-6f43-5d4e-9a53-6a0c4b1c7d20")
"""The name space of what is derived; nothing else may use it."""

#: Bits that say what kind of UUID it is stay as they are.
_KEPT = 0xF << 76 | 0b11 << 62
_PLACE = uuid5(ROOT, "service_at_location").int & ~_KEPT


def derived(kind: str, *parts: object) -> str:
    """The identifier of a ``kind`` of thing that ``parts`` tell from all others of its kind."""
    return str(uuid5(ROOT, "\n".join((kind, *map(str, parts)))))


def at_location(service: UUID) -> UUID:
    """The identifier of a service where it happens, from that of the service, and back again.

    It can be turned round, so that nothing is searched for when somebody asks for it.
    """
    return UUID(int=service.int ^ _PLACE)
