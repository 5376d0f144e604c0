"""How many hours of an ordinary week something is open in each part of each day, from its opening rules."""

from abcd.core.hours import DAYS, NAMED_PARTS, PARTS, Rule

WEEKS_A_MONTH = 365.25 / 12 / 7
ONE_MINUTE_SHORT = 23 * 60 + 59


def week_of(rules: tuple[Rule, ...]) -> list[float]:
    """Hours in each of the 21 parts of a week, as the 7 x 3 grid counts them (``core.hours``).

    Every other week counts half, once a month as one week of a month. A span without an end adds no hours, as nobody
    knows them; what goes on after midnight is left out. Overlapping rules are added up only to the length of a part.
    """
    hours = [0.0] * (len(DAYS) * len(PARTS))
    for rule in rules:
        day = 3 * DAYS.index(rule.byday[-2:])
        share = 1 / rule.interval if rule.freq == "WEEKLY" else 1 / WEEKS_A_MONTH
        for part, minutes in enumerate(_minutes_in_parts(rule)):
            longest = (PARTS[part][1] - PARTS[part][0]) / 60
            hours[day + part] = min(hours[day + part] + share * minutes / 60, longest)
    return hours


def parts_named(rules: tuple[Rule, ...]) -> int:
    """The bits of the parts in which something is on, monthly rules and spans without an end included."""
    bits = 0
    for rule in rules:
        day = 3 * DAYS.index(rule.byday[-2:])
        parts = [part for part, minutes in enumerate(_minutes_in_parts(rule)) if minutes] or _begun(rule)
        bits |= sum(1 << (day + part) for part in parts)
    return bits


def _minutes_in_parts(rule: Rule) -> list[int]:
    if rule.opens_at is None or rule.closes_at is None:
        return [0, 0, 0]
    start, end = (60 * at.hour + at.minute for at in (rule.opens_at, rule.closes_at))
    end = 24 * 60 if end <= start or end == ONE_MINUTE_SHORT else end
    return [max(0, min(end, high) - max(start, low)) for low, high in PARTS]


def _begun(rule: Rule) -> list[int]:
    """The part that a rule without an end names or begins in."""
    if rule.notes in NAMED_PARTS:
        return [NAMED_PARTS.index(rule.notes)]
    if rule.opens_at is None:
        return []
    start = 60 * rule.opens_at.hour + rule.opens_at.minute
    return [part for part, (low, high) in enumerate(PARTS) if low <= start < high]
