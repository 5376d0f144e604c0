"""The few who could answer one wish: community first, services last, every one with its reasons."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from abcd.access import require
from abcd.access.scope import own_places
from abcd.connections.matching import others as sides
from abcd.connections.matching.naming import named
from abcd.connections.matching.others import Others, Tongues
from abcd.connections.matching.records import Match, Sought
from abcd.connections.matching.register import assets_near, offered
from abcd.connections.matching.residents import alike, offering
from abcd.connections.matching.spoken import spoken_levels
from abcd.connections.matching.standing import apply, standing_of
from abcd.connections.matching.terms import Levels, Terms, category_levels, gift_levels, terms, theme_level
from abcd.connections.matching.ways import Patches, patches_near
from abcd.connections.matching.weighing import Weighed, asking_side, weigh
from abcd.connections.matching.wishes import UNKNOWN, group_wish, resident_wish
from abcd.connections.network.bridging import known_groups
from abcd.connections.weights import Weights, weights
from abcd.core.clock import today
from abcd.core.language import _
from abcd.db.session import actor_of
from abcd.db.tables.offers import THEMES
from abcd.errors import BadRequest, NotFound

STATUTORY = 5
Positions = NDArray[np.intp]


def suggestions_for_wish(s: Session, person_wish_id: UUID, *, limit: int = 5, urgent: bool = False) -> list[Match]:
    """Who and what could answer a resident's wish, tier by tier, the best of a tier first; at most ``limit``.

    Empty when nothing reaches the least score, or when the resident has not said yes to introductions. A wish whose
    reason for being urgent is on record has statutory services first, and so has one that is asked for as ``urgent``.

    Raises:
        NotFound: there is no such wish for whoever asks.
        BadRequest: ``urgent`` is asked for and no reason is on record (``urgency.mark_urgent``).
        NotAllowed: whoever asks may not suggest introductions.
    """
    require(actor_of(s), "suggest", "connection")
    wish = resident_wish(s, person_wish_id)
    if wish is None:
        return []
    own = own_places(s, actor_of(s))
    if own is not None and wish.place_id not in own:
        raise NotFound(UNKNOWN)
    if urgent and not wish.is_urgent:
        raise BadRequest(_("Say first why this is urgent: the reason is kept with the wish."))
    return suggested(s, wish, limit)


def suggestions_for_group_wish(s: Session, wish_id: UUID, *, limit: int = 5) -> list[Match]:
    """Volunteers, rooms, things and hours that could answer the wish of a group or a meeting.

    Raises:
        NotFound: there is no such wish for whoever asks.
        NotAllowed: whoever asks may not suggest introductions.
    """
    require(actor_of(s), "suggest", "connection")
    return suggested(s, group_wish(s, wish_id), limit)


def suggested(s: Session, wish: Sought, limit: int) -> list[Match]:
    """The few who could answer a wish that was read; nobody asks here whether it may be."""
    used, known = weights(s), terms(s)
    patches = patches_near(s, wish.place_id, used.furthest_minutes)
    if wish.place_id not in patches.at:
        return []
    tongues = Tongues({})
    found = gathered(s, wish, known, patches, used, tongues)
    weighed = _weighed(s, wish, found, known, used, tongues)
    chosen = best_of(weighed.best_first(found.tier), found, limit, used.of_one_tier, wish.is_urgent)
    return named(s, wish, sides.taken(found, chosen), _taken(weighed, chosen), known, patches, used)


def gathered(
    s: Session, wish: Sought, known: Terms, patches: Patches, used: Weights, tongues: Tongues
) -> Others:  # fmt: skip
    """Everybody and everything with something in common with the wish, within a walk."""
    gifts, day = levels_of(s, known, wish), today()
    minutes = patches.between(wish.place_id)
    reach = min(used.furthest_minutes, wish.max_walk or used.furthest_minutes)
    own = own_places(s, actor_of(s))
    places = [one for one, at in patches.at.items() if minutes[at] <= reach and (own is None or one in own)]
    found = [offering(s, gifts, places, tongues, day, wish.person_id)]
    if wish.person_id:
        found.append(alike(s, gifts, wish.category, places, tongues, day, wish.person_id))
    for part in found:
        part.minutes = np.array([minutes[patches.at[row.place_id]] for row in part.rows], dtype=float)
    categories, themes = category_levels(known, wish), theme_levels(known, wish)
    found.append(
        assets_near(s, categories, wish.place_id, patches, reach, known.categories, tongues, day, wish.asset_id)
    )
    found.append(offered(s, gifts, themes, wish.place_id, patches, tongues, day, wish.asset_id))
    return sides.joined(found)


def levels_of(s: Session, known: Terms, wish: Sought) -> Levels:
    """How near each gift is to a wish: by what was ticked, and by its words where nothing was."""
    ticked, spoken = gift_levels(known, wish), spoken_levels(s, wish)
    return {slug: max(ticked.get(slug, 0.0), spoken.get(slug, 0.0)) for slug in {**ticked, **spoken}}


def theme_levels(known: Terms, wish: Sought) -> Levels:
    """How near each theme is to a wish."""
    found = {theme: theme_level(known, wish, theme) for theme in THEMES}
    return {theme: level for theme, level in found.items() if level}


def _weighed(
    s: Session, wish: Sought, found: Others, known: Terms, used: Weights, tongues: Tongues
) -> Weighed:  # fmt: skip
    people = {row.person_id for row in found.rows if getattr(row, "person_id", None)}
    assets = {row.asset_id for row in found.rows if getattr(row, "asset_id", None)}
    one = wish.person_id or wish.asset_id or wish.wish_id
    stands = standing_of(s, one, people | assets, today(), used.fair_days, is_asset=wish.person_id is None)
    linked = known_groups(s, assets | ({wish.asset_id} if wish.asset_id else set()))
    apply(found, stands, one, known, linked)
    knows = stands.knows.get(one) or linked.get(one, frozenset())
    side = asking_side(wish, tongues, today(), recent=stands.recent.get(one, 0), knows=knows)
    return weigh(side, found, used)


def best_of(order: Positions, found: Others, limit: int, of_one_tier: int, is_urgent: bool) -> Positions:
    """The first ``limit`` of an order by tier and score, so that a crowd of neighbours does not hide every group.

    Nobody is in it twice. At most ``of_one_tier`` people, and as many groups, of each tier while others have some; what
    is shown stays tier by tier, the best first. Where it is urgent, statutory services come before all others.
    """
    if is_urgent:
        order = order[np.argsort(found.tier[order] != STATUTORY, kind="stable")]
    sorts = 2 * found.tier[order] + (found.kind[order] != sides.PERSON)
    first: list[int] = []
    rest: list[int] = []
    for sort in np.unique(sorts):
        best = list(islice(_once(np.flatnonzero(sorts == sort), order, found), limit))
        first += best[:of_one_tier]
        rest += best[of_one_tier:]
    return order[sorted((sorted(first) + sorted(rest))[:limit])]


def _once(ranks: Positions, order: Positions, found: Others) -> Iterator[int]:
    """Ranks in an order, each person and each asset by their best offer alone."""
    seen: set[int] = set()
    for rank in ranks:
        who = int(found.who[order[rank]])
        if who not in seen:
            seen.add(who)
            yield int(rank)


def _taken(weighed: Weighed, chosen: Positions) -> Weighed:
    values = {letter: column[chosen] for letter, column in weighed.values.items()}
    return Weighed(values, weighed.scores[chosen], weighed.may[chosen])
