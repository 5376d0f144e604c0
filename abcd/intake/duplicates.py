"""Assets that may be one: found by name, nearness, postcode and reference; proposed, never merged by themselves.

A new asset is compared only with what lies near it, shares its postcode, or bears its reference elsewhere, so the
work grows with the number of assets and not with its square. What a person called different is not proposed again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process
from scipy.spatial import cKDTree
from sqlalchemy import text
from sqlalchemy.orm import Session

from abcd.intake.matching import match_names
from abcd.intake.stage import as_csv, columns_out, copy_in, names_of

NEAR_M = 75
"""Two published points of one building are nearly always this close."""

MOVED_M = 1_000
"""A thing of exactly the same name this close may have moved, or one of its points is poor."""

ALIKE = 0.85
"""Names this similar (0 to 1) may be one name; agreed on the real files, where 0.8 brings neighbours of one chain."""

CROWD = 40
"""So many assets on one postcode (a shopping centre) or of one name (a chain) are compared by nearness alone."""

POINT_CROWD = 200
"""So many assets on one point are more than a shopping centre holds: that point is wrong for all of them."""

AT_ONCE = 200_000
"""Pairs whose names are held in memory together."""

Numbers = npt.NDArray[np.int64]
Scorer = Callable[..., float]
NO_PAIRS = np.empty((0, 2), dtype=np.int64)

_NEW = """
select i.asset_id as id, true as is_new, case when i.is_named then i.name else '' end as name, i.category, i.postcode,
       i.point
from {rows} i
where i.into_row is null and i.reject = '' and not i.is_sensitive
  and not exists (select from core.asset a where a.source_id = '{source}' and a.source_ref = i.ref)
"""

# What is near is little when little is new, and then the indexes lead.
_NEAR = """
with new as ({new})
select * from new
union all
select a.id, false, case when a.name <> t.name then a.name else '' end, a.category, a.postcode, a.point
from core.asset a join core.term t on t.slug = a.category
join (
    select distinct b.id from new cross join lateral (
        select b.id from core.asset b where b.point && ST_Expand(new.point, {near}) and b.status = 'active'
          and b.merged_into is null offset 0) b
    union
    select b.id from new join core.asset b on new.postcode <> '' and b.postcode = new.postcode
    where b.status = 'active' and b.merged_into is null
    union
    select b.id from new join core.asset b on new.name <> '' and lower(b.name) = lower(new.name)
    where b.status = 'active' and b.merged_into is null
      and (b.point is null or new.point is null or ST_DWithin(b.point, new.point, {moved}))
) near on near.id = a.id
where a.id not in (select asset_id from {gone} where not is_edited)
"""

_AS_COLUMNS = (
    "select id, is_new, name, category, postcode, ST_X(point) as easting, ST_Y(point) as northing from ({found}) f"
)

_FOUND = "create temporary table {found} (id uuid, other_id uuid, score float8, reasons text) on commit drop"

_HAS_OTHERS = """
select exists (select from core.source o where o.id <> :source_id
               and exists (select from core.asset a where a.source_id = o.id))
"""

_SAME_REFERENCE = """
insert into {found} (id, other_id, score, reasons)
select distinct on (1, 2) least(i.asset_id, b.id), greatest(i.asset_id, b.id), 0.95, 'same reference ' || i.ref
from core.source o
join core.asset b on b.source_id = o.id and b.merged_into is null and b.status = 'active'
join {rows} i on i.ref = b.source_ref and i.ref !~ '^~' and i.category = b.category
  and i.point && ST_Expand(b.point, 200)
join core.asset a on a.id = i.asset_id
where o.id <> :source_id
"""

_PROPOSE = """
insert into core.duplicate_pair (import_id, asset_id, other_id, score, reasons)
select :import_id, least(id, other_id), greatest(id, other_id), max(score), string_agg(distinct reasons, ', ')
from {found} f
where not exists (select from core.not_same n
                  where n.asset_id = least(f.id, f.other_id) and n.other_id = greatest(f.id, f.other_id))
group by 2, 3
on conflict do nothing
"""

_NOTE = """
insert into core.issue (import_id, kind, row_number, "column", value, message, what_to_do)
select :import_id, 'possible_duplicate', i.row, '', i.name,
       'This may be the same as “' || o.name || '”: ' || d.reasons || '.',
       'Both kept. Look at them side by side and merge them, or say that they are not the same.'
from (
    select asset_id as mine, other_id as other, reasons from core.duplicate_pair where import_id = :import_id
    union all select other_id, asset_id, reasons from core.duplicate_pair where import_id = :import_id
) d
join {rows} i on i.asset_id = d.mine and i.into_row is null and i.reject = ''
join core.asset o on o.id = d.other
where o.first_import_id is distinct from :import_id or d.mine > d.other
"""


@dataclass(frozen=True)
class LookAlikes:
    """Pairs that may be one: positions in the frame of points, how alike (0 to 1), and why in words."""

    points: pd.DataFrame
    first: Numbers
    second: Numbers
    score: npt.NDArray[np.float64]
    reasons: list[str]


def staged_points(s: Session, import_id: UUID, source_id: UUID) -> pd.DataFrame:
    """What is new in a stage and what is near it in the register; the stage must have been matched.

    Columns: ``id``, ``is_new``, ``name`` in small letters without signs, ``category``, ``postcode``, ``easting`` and
    ``northing`` in metres.
    """
    query = _NEW.format(**match_names(import_id), source=source_id)
    if s.scalar(text("select exists (select from core.asset)")):
        query = _NEAR.format(**match_names(import_id), new=query, near=NEAR_M, moved=MOVED_M)
    word, number = pa.string(), pa.float64()
    types = {"id": word, "is_new": pa.bool_(), "name": word, "category": word, "postcode": word, "easting": number,
             "northing": number}  # fmt: skip
    found = columns_out(s, _AS_COLUMNS.format(found=query), types)
    bare = pc.replace_substring_regex(pc.utf8_lower(found["name"]), r"['’.]", "")
    named = found.set_column(2, "name", pc.replace_substring_regex(bare, r"[^\pL\pN]+", " "))
    return pd.DataFrame(named.to_pandas())


def words_of(points: pd.DataFrame) -> list[str]:
    """Every word of the names, once."""
    apart = pc.utf8_split_whitespace(pa.array(points["name"], pa.string()))
    return list(pc.unique(pc.list_flatten(apart)).to_pylist())


def look_alikes(points: pd.DataFrame) -> LookAlikes:
    """Pairs of a frame of points that may be one asset, at least one of them new. Touches no database.

    Score: 0.7 x likeness of the names + 0.2 x nearness (e to the minus metres / 75) + 0.1 for one category.
    """
    first, second, alike = _alike(points["name"], *candidates(points))
    apart = _metres(points, first, second)
    category = points["category"].factorize()[0]
    near = np.exp(-np.nan_to_num(apart, nan=NEAR_M) / NEAR_M)
    score = 0.7 * alike + 0.2 * near + 0.1 * (category[first] == category[second])
    return LookAlikes(points, first, second, score, _in_words(alike, apart))


def candidates(points: pd.DataFrame) -> tuple[Numbers, Numbers]:
    """Pairs worth comparing, each once, one of the two new.

    They lie within ``NEAR_M``, or have one postcode, or exactly one name within ``MOVED_M`` (or one is nowhere yet).
    """
    telling = (points["name"].str.strip() != "") & ~_crowded(points)
    located = np.flatnonzero(points["easting"].notna() & telling)
    near = cKDTree(points[["easting", "northing"]].to_numpy()[located]).query_pairs(NEAR_M, output_type="ndarray")
    by_postcode = _sharing(points["postcode"].where(telling, ""))
    by_name = _sharing(points["name"].str.strip().where(telling, ""))
    by_name = by_name[~(_metres(points, by_name[:, 0], by_name[:, 1]) > MOVED_M)]
    pairs = np.sort(np.vstack([located[near], by_postcode, by_name]), axis=1)
    pairs = pairs[points["is_new"].to_numpy(dtype=bool)[pairs].any(axis=1)]
    codes = np.unique(pairs[:, 0] * len(points) + pairs[:, 1])
    return codes // max(len(points), 1), codes % max(len(points), 1)


def _crowded(points: pd.DataFrame) -> pd.Series:
    """Rows on a point that a crowd shares: it is nobody's true place, and pairs on it would grow with its square."""
    located = points["easting"].notna()
    return located & (points.groupby(["easting", "northing"])["easting"].transform("size") >= POINT_CROWD)


def _sharing(values: pd.Series) -> Numbers:
    """Pairs of positions with one value, where fewer than a crowd share it; the empty text is no value."""
    codes = values.replace("", None).factorize()[0].astype(np.int64)
    many = np.bincount(codes[codes >= 0], minlength=1)
    order = np.flatnonzero((codes >= 0) & (many[codes] > 1) & (many[codes] < CROWD))
    order = order[np.argsort(codes[order], kind="stable")]
    found = [NO_PAIRS]
    for step in range(1, CROWD):
        together = np.flatnonzero(codes[order[step:]] == codes[order[:-step]])
        if not len(together):
            break
        found.append(np.column_stack([order[together], order[together + step]]))
    return np.vstack(found)


def _alike(names: pd.Series, first: Numbers, second: Numbers) -> tuple[Numbers, Numbers, npt.NDArray[np.float64]]:
    """The pairs whose names are alike, and how much: the mean of two ratios, one of which forgives further words."""
    numbers = _numbers_in(names)
    likely = numbers[first] == numbers[second]
    first, second = first[likely], second[likely]
    kept = [(NO_PAIRS[:, 0], NO_PAIRS[:, 0], np.empty(0))]
    for start in range(0, len(first), AT_ONCE):
        here, there = first[start : start + AT_ONCE], second[start : start + AT_ONCE]
        ratio = _ratios(fuzz.token_sort_ratio, names, here, there)
        likely = np.flatnonzero(ratio >= 2 * ALIKE - 1)
        here, there = here[likely], there[likely]
        alike = (ratio[likely] + _ratios(fuzz.token_set_ratio, names, here, there)) / 2
        sure = alike >= ALIKE
        kept.append((here[sure], there[sure], alike[sure]))
    firsts, seconds, scores = zip(*kept, strict=True)
    return np.concatenate(firsts), np.concatenate(seconds), np.concatenate(scores)


def _ratios(scorer: Scorer, names: pd.Series, first: Numbers, second: Numbers) -> npt.NDArray[np.float64]:
    """How alike (0 to 1) the names of each pair are."""
    if not len(first):
        return np.empty(0)
    ratio = process.cpdist(names.iloc[first].tolist(), names.iloc[second].tolist(), scorer=scorer)
    return np.asarray(ratio, dtype=np.float64) / 100


def _numbers_in(names: pd.Series) -> Numbers:
    """A code for the numbers in each name: names with different numbers ("Unit 3", "Unit 4") are two things."""
    digits = names.str.replace(r"[^0-9]+", " ", regex=True).str.strip()
    return np.asarray(digits.factorize()[0], dtype=np.int64)


def _metres(points: pd.DataFrame, first: Numbers, second: Numbers) -> npt.NDArray[np.float64]:
    where = points[["easting", "northing"]].to_numpy(dtype=float)
    return np.asarray(np.hypot(*(where[first] - where[second]).T))


def _in_words(alike: npt.NDArray[np.float64], apart: npt.NDArray[np.float64]) -> list[str]:
    """Why each pair was proposed."""
    told = zip(alike.tolist(), apart.tolist(), strict=True)
    return [
        ("same name" if ratio > 0.999 else f"names {ratio:.0%} alike")
        + (f", {metres:.0f} m apart" if metres <= MOVED_M else "" if np.isnan(metres) else ", same postcode")
        for ratio, metres in told
    ]


def propose(s: Session, import_id: UUID, source_id: UUID, found: LookAlikes) -> int:
    """Write the pairs for a person to decide, and an issue for each; how many pairs."""
    names = names_of(import_id) | {"found": f"found_{import_id.hex}"}
    s.execute(text(_FOUND.format(**names)))
    copy_in(s, names["found"], as_csv(_as_frame(found)))
    values = {"import_id": import_id, "source_id": source_id}
    meets_others = s.scalar(text(_HAS_OTHERS), {"source_id": source_id})
    s.execute(text("set local enable_nestloop = off"))
    for step in (*([_SAME_REFERENCE] if meets_others else []), _PROPOSE, _NOTE):
        statement = text(step.format(**names))
        done = s.execute(statement, {name: values[name] for name in statement._bindparams})
        if step is _PROPOSE:
            proposed = done.rowcount  # type: ignore[attr-defined]
    s.execute(text("set local enable_nestloop = on"))
    return int(proposed)


def _as_frame(found: LookAlikes) -> pd.DataFrame:
    """The pairs as rows: the two ids, score, reasons."""
    ids = found.points["id"]
    return pd.DataFrame({"id": ids.iloc[found.first].to_numpy(), "other_id": ids.iloc[found.second].to_numpy(),
                         "score": found.score, "reasons": found.reasons})  # fmt: skip
