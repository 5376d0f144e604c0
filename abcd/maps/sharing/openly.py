"""Which layers the owner made public: anybody may then ask for them without a key."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from abcd.access.policy import require
from abcd.db.audit import record
from abcd.db.session import Actor
from abcd.db.tables import Setting
from abcd.errors import BadRequest
from abcd.maps.reader import PUBLIC_LAYERS
from abcd.maps.sharing.wish import layers_for


def public_layers(s: Session) -> tuple[str, ...]:
    """Names of the public layers, in the order of the registry; none at first."""
    named: Any = s.scalar(select(Setting.value).where(Setting.name == PUBLIC_LAYERS)) or []
    return tuple(one.name for one in layers_for("public") if one.name in named)


def make_public(s: Session, layers: Collection[str], *, by: Actor) -> tuple[str, ...]:
    """Make these layers public and no others; their names as they are now.

    Raises:
        NotAllowed: ``by`` is no owner.
        BadRequest: one is no layer for the public.
    """
    require(by, "edit", "setting")
    allowed = [one.name for one in layers_for("public")]
    if others := sorted(set(layers) - set(allowed)):
        raise BadRequest(f"“{others[0]}” is no layer for the public. Those are: {', '.join(allowed)}.")
    before, now = public_layers(s), [name for name in allowed if name in layers]
    if list(before) != now:
        new = insert(Setting).values(name=PUBLIC_LAYERS, value=now, source="the page Share")
        s.execute(new.on_conflict_do_update(index_elements=[Setting.name], set_={"value": now}))
        record(s, "edit", "setting", PUBLIC_LAYERS, by=by, before={"layers": list(before)}, after={"layers": now})
    return tuple(now)
