"""The plain formula of product.md E.2 over every offer of the store: the peer of the benchmark, written apart.

It shares nothing with the code under test: its own reading, its own tree of gifts, its own walks, its own filters, for
neighbours who offer something, in a store where nobody was introduced to anybody yet.
"""

from datetime import date

import numpy as np
from sqlalchemy import text
from sqlalchemy.orm import Session

OFFERS = """
select o.person_id::text as person, o.skill, coalesce(o.free_grid, -1) as grid, p.place_id::text as place,
  p.language || ' ' || array_to_string(p.speaks, ' ') as spoken, coalesce(p.max_walk_minutes, 30) as walk,
  greatest(p.confirmed_on, o.said_on) as fresh
from core.introducible p join core.person_offer o on o.person_id = p.id where o.state = 'waiting'"""
WISHES = """
select w.id::text as id, w.person_id::text as person, coalesce(w.skill, '') as skill, w.theme,
  coalesce(w.free_grid, -1) as grid, p.place_id::text as place,
  p.language || ' ' || array_to_string(p.speaks, ' ') as spoken, coalesce(p.max_walk_minutes, 30) as walk,
  greatest(p.confirmed_on, w.said_on) as fresh, w.own_words
from core.introducible p join core.person_wish w on w.person_id = p.id"""
HOMES = """
select p.id::text as id, sqrt(ST_Area(p.geom) / pi()) as radius,
  coalesce((select sum(h.count * ST_X(a.point)) / sum(h.count) from core.place a join core.households h
    on h.place_id = a.id and h.measure = 'all' where a.kind = 'oa' and ST_Covers(p.geom, a.point)), ST_X(p.point)) as x,
  coalesce((select sum(h.count * ST_Y(a.point)) / sum(h.count) from core.place a join core.households h
    on h.place_id = a.id and h.measure = 'all' where a.kind = 'oa' and ST_Covers(p.geom, a.point)), ST_Y(p.point)) as y
from core.place p where p.kind = 'estate' and p.id in (select place_id from core.person)"""
GIFTS = "select slug, parent, themes from core.skill"
BEST = 10


class Brute:
    """All offers as arrays."""

    def __init__(self, s: Session, day: date) -> None:
        self.day = day
        self.gifts = {row.slug: row for row in s.execute(text(GIFTS))}
        homes = s.execute(text(HOMES)).all()
        self.home = {row.id: at for at, row in enumerate(homes)}
        self.x, self.y = (np.array([getattr(row, axis) for row in homes]) for axis in "xy")
        self.radius = np.array([row.radius for row in homes])
        offers = s.execute(text(OFFERS)).all()
        self.person = np.array([row.person for row in offers])
        self.slugs = sorted(self.gifts)
        self.skill = np.array([self.slugs.index(row.skill) for row in offers])
        self.grid = np.array([row.grid for row in offers])
        self.place = np.array([self.home[row.place] for row in offers])
        self.walk = np.array([row.walk for row in offers])
        self.english = np.array(["en" in row.spoken.split() for row in offers])
        self.urdu = np.array(["ur" in row.spoken.split() for row in offers])
        self.fresh = np.array([self._trust(row.fresh) for row in offers])
        self.wishes = {row.id: row for row in s.execute(text(WISHES))}

    def _trust(self, day: date) -> float:
        return float(0.5 ** (max(0.0, (self.day - day).days / (365.25 / 12)) / 12))

    def _line(self, slug: str) -> list[str]:
        return [slug, *self._line(self.gifts[slug].parent)] if slug else []

    def _theme(self, wish: str, theme: str, gift: str) -> float:
        if not wish:
            return 0.7 if theme in self.gifts[gift].themes else 0.0
        ours, theirs = self._line(wish), self._line(gift)
        if wish == gift:
            return 1.0
        siblings = len(ours) > 2 and len(theirs) > 1 and ours[1] == theirs[1]
        if siblings or self.gifts[gift].parent == wish or self.gifts[wish].parent == gift:
            return 0.7
        return 0.3 if ours[-1] == theirs[-1] else 0.0

    def _minutes(self, home: int) -> np.ndarray:
        metres = np.hypot(self.x - self.x[home], self.y - self.y[home])
        metres = np.maximum(metres, 2 / 3 * np.maximum(self.radius, self.radius[home]))
        metres[home] = 128 / (45 * np.pi) * self.radius[home]
        return metres * 1.3 / 66.7

    def best(self, wish_id: str) -> list[float]:
        """The scores of the ten best neighbours, rounded to four places."""
        wish = self.wishes[wish_id]
        theme = np.array([self._theme(wish.skill, wish.theme, slug) for slug in self.slugs])[self.skill]
        minutes = self._minutes(self.home[wish.place])[self.place]
        hours = 3 * np.bitwise_count(np.maximum(self.grid, 0) & max(wish.grid, 0))
        is_known = (self.grid >= 0) & (wish.grid >= 0)
        times = np.minimum(1.0, hours / 3)
        score = 0.40 * theme + 0.20 * 0.5 ** (minutes / 10) + 0.10 + 0.05 * np.minimum(
            self._trust(wish.fresh), self.fresh)  # fmt: skip
        score = np.where(is_known, (score + 0.15 * times) / 0.90, score / 0.75)
        spoken = wish.spoken.split()
        shared = (self.english & ("en" in spoken)) | (self.urdu & ("ur" in spoken))
        may = (theme > 0) & (minutes <= np.minimum(wish.walk, self.walk)) & shared & (self.person != wish.person)
        may &= (~is_known | (times >= 1)) & (score >= 0.35)
        order = np.flatnonzero(may)[np.argsort(-score[may], kind="stable")]
        best: dict[str, float] = {}
        for at in order:
            best.setdefault(str(self.person[at]), round(float(score[at]), 4))
            if len(best) == BEST:
                break
        return list(best.values())
