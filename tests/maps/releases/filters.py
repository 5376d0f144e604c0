"""Two hundred ways to ask for people by area, time, shape or figure (trust.md P5): none may change a figure.

Each is the query of an address of the feed. The answer is the figures of the release, for some areas or all, or 400.
"""

from itertools import chain
from urllib.parse import quote, urlencode

BOXES = [
    f"bbox={west / 100},{south / 100},{east / 100},{north / 100}"
    for west, east in ((-231, -229), (-2300, 0), (-2310, -2308), (0, 100), (-18000, 18000))
    for south, north in ((5343, 5345), (5300, 5400), (0, 100), (5344, 5344), (-9000, 9000))
]
CRS = [
    "bbox=379800,393800,380200,394200&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/27700",
    "bbox=379999,393999,380001,394001&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/27700",
    "bbox=379800,393800,380200,394200&bbox-crs=EPSG:27700", "bbox=1,2,3", "bbox=a,b,c,d", "bbox=", "bbox=NaN,0,1,1",
    "bbox=3,3,1,1", "bbox=-2.31,53.43,0,-2.29,53.45,9", "bbox=1e308,1e308,1e309,1e309",
]  # fmt: skip
TIMES = [
    f"datetime={quote(when)}"
    for when in (
        "2026-11", "2026-11-22", "2026-11-22T10:00:00Z", "2026-11-01/2026-11-30", "../2026-11-22", "2026-11-22/..",
        "../..", "2020-01-01/2020-01-02", "now", "yesterday", "2026-13-01", "0001-01-01/9999-12-31", "", "/",
        "2026-11-22T10:00:00.123456Z/2026-11-22T10:00:00.123457Z",
    )
]  # fmt: skip
PROPERTIES = [
    urlencode({name: value})
    for name in (
        "residents", "residents_number", "place_name", "place_kind", "release", "language_ur", "said_gift",
        "said_gift_number", "person_id", "place_reference",
    )
    for value in ("35", "fewer than 10", "Old Mill", "0", "*", "' or 1=1 --")
]  # fmt: skip
PAGES = [
    "limit=1", "limit=2&offset=1", "limit=0", "limit=-1", "limit=1000000", "limit=1.5", "after=00000000", "cursor=zzzz",
    "sortby=residents_number", "sortby=-residents_number", "properties=residents_number", "properties=person.language",
    "skipGeometry=true", "resultType=hits", "f=csv", "f=html", "groupby=place_kind", "aggregate=sum(residents_number)",
    "release=2026-10", "month=2026-11-22", "audience=officer", "radius=200&lon=-2.3&lat=53.44", "zoom=22",
    "as_of=today",
    "place=00000000-0000-0000-0000-000000000000",
]  # fmt: skip
SHAPE = "POLYGON((-2.31 53.43,-2.29 53.43,-2.29 53.45,-2.31 53.45,-2.31 53.43))"
CQL = [
    f"filter={quote(words)}"
    for words in (
        "residents_number > 10", "residents_number >= 35", "residents_number < 10", "residents_number = 23",
        "residents_number BETWEEN 30 AND 40", "residents_number IS NULL", "residents = 'fewer than 10'",
        "residents LIKE '%5'", "place_name = 'Old Mill'", "place_name LIKE 'N%'", "place_kind = 'patch'",
        "place_kind IN ('estate','patch')", "NOT place_kind = 'patch'", "release = '2026-11'", "release > '2026-10'",
        f"S_INTERSECTS(geometry, {SHAPE})", f"S_WITHIN(geometry, {SHAPE})", f"NOT S_INTERSECTS(geometry, {SHAPE})",
        "S_INTERSECTS(geometry, POINT(-2.3008 53.4431))", "S_INTERSECTS(geometry, BBOX(-2.31,53.43,-2.29,53.45))",
        "S_DWITHIN(geometry, POINT(-2.3 53.44), 200, meters)", "language = 'ur'", "person.language = 'ur'",
        "safety_risk = true", "confirmed_on > DATE('2026-01-01')", "T_AFTER(release, DATE('2026-01-01'))",
        "residents_number + 1 > 36", "residents_number * 0 = 0", "residents_number / 5 = 7", "COUNT(*) > 1",
        "SUM(residents_number) > 100", "said_gift_number > residents_number", "said_gift = residents", "1 = 1", "1 = 2",
        "TRUE", "FALSE", "", "(", "residents_number >", "id = 'x'", "id IN ('a','b')",
        "CASEI(place_name) = CASEI('old mill')", "ACCENTI(place_name) = 'Old Mill'",
        "language_ur_number > 0 AND place_kind = 'estate'", "language_ur_number > 0 OR residents_number > 0",
        "NOT (residents_number > 35)", "area(geometry) > 1", "shown > 0", "core.person.id IS NOT NULL",
        "place_name = 'Old Mill'; select 1", "exists(select 1)", "residents_number > (select 1)",
        "pg_sleep(1) IS NULL", "'a' = 'a'", "NOT residents_number IS NULL", "place_name <> 'Old Mill'",
        "residents_number NOT BETWEEN 10 AND 30", "place_name IS NULL", "residents_number IN (10, 15, 20, 35)",
        "release BETWEEN '2026-01' AND '2026-12'", "residents_number <> 35", "place_reference > 'P'",
        "said_hope_number = 10", "said_hope_number <= said_gift_number",
    )
]  # fmt: skip

FILTERS = tuple(chain(BOXES, CRS, TIMES, PROPERTIES, PAGES, CQL))
