"""Drawing patches: cut, move blocks across borders, mend what is still off; the same seed gives the same plan."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abcd.patches.anneal import Taste, inertia, sow
from abcd.patches.exact import Undecided, shared_out
from abcd.patches.feasible import Misfit, Room
from abcd.patches.growing import grown, named_alike
from abcd.patches.net import Net, Places, Stock, components, only
from abcd.patches.rebuild import Draft, rebuild, worst_first
from abcd.patches.settling import settled
from abcd.patches.split import Ground, split

Telling = Callable[[float, str], None]
"""Told how far the work is (0 to 1) and what is being done."""

#: Moves tried for each block when all borders move, and at most in all.
SWEEPS, MOST_STEPS = 2_000, 12_000_000
#: Rounds of mending, and patches tried in each.
ROUNDS, EACH_ROUND = 60, 24
#: Rounds without any success after which mending gives up, and blocks to a patch below which one start is enough.
IDLE, COARSE = 8, 4
#: How many patches are thrown together at most, and moves for each block between two roundings.
WIDEST, SMOOTHING = 9, 60
#: How often the last patches that are off are tried once more for their balance alone, and with how many others.
LAST, AMONG = 300, 16
#: That needs so many blocks to a patch, and no more than one patch in so many that is off.
FINE, FEW = 10, 25
HOT, COLD = 0.4, 0.0005
#: Share of the tolerance that is aimed at, so that a plan keeps some room for the corrections of people.
INNER = 0.75
#: How many starts are tried until every patch that can be within the tolerance is.
ATTEMPTS = 4


@dataclass(frozen=True)
class Leaning:
    """What one alternative cares for most. ``aim`` is the share of the tolerance that is free of blame."""

    name: str
    aim: float = 0.7
    balance: float = 6.0
    compact: float = 1.0
    change: float = 0.0
    bond: float = 1.0


LEANINGS = (
    Leaning("balance", aim=0.3, balance=12.0, compact=1.0),
    Leaning("compact", aim=0.75, balance=6.0, compact=4.0),
    Leaning("change", aim=0.75, balance=6.0, compact=1.0, change=0.004),
)
"""Best balance, most compact, least change: the alternatives a manager is shown."""


@dataclass(frozen=True)
class Plan:
    """Which patch each block is in.

    Attributes:
        part: patch numbers from 0 without gaps, (n,).
        count: how many patches.
        misfits: connected parts of the stock in which no whole number of patches fits the tolerance.
        seed: the seed it was drawn with.
        leaning: the name of the leaning it was drawn with.
    """

    part: Places
    count: int
    misfits: tuple[Misfit, ...]
    seed: int
    leaning: str


def silent(_share: float, _what: str) -> None:
    """Tell nobody."""


def pieces_of(piece: Places) -> list[Places]:
    """The blocks of each connected piece of the stock."""
    order = np.argsort(piece, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(piece[order])) + 1)


def misfits_of(stock: Stock, net: Net, piece: Places, room: Room) -> tuple[Misfit, ...]:
    """The connected pieces of the stock that no whole number of patches fits; ``piece`` (n,) as ``net.components``."""
    found = []
    for units in pieces_of(piece):
        fits = room.fits(stock.weight[units].tolist())
        if not fits or is_hopeless(stock, net, units, room):
            found.append(Misfit(tuple(units.tolist()), float(stock.weight[units].sum()), in_pieces=fits))
    return tuple(found)


def is_hopeless(stock: Stock, net: Net, units: Places, room: Room) -> bool:
    """Whether it is certain that the connected ``units`` cannot be shared out into patches of one piece each."""
    if room.fitting(float(stock.weight[units].sum())) == 1:
        return False
    try:
        return shared_out(*only(stock, net, units), room) is None
    except Undecided:
        return False


def first_draft(ground: Ground, piece: Places, room: Room) -> Places:
    """Every connected piece of the stock cut into the number of patches that suits it best."""
    part, count = np.full(len(piece), -1, dtype=np.int64), 0
    for units in pieces_of(piece):
        households = float(ground.stock.weight[units].sum())
        for region in split(ground, units, room.nearest(households), room):
            part[region], count = count, count + 1
    return part


def taste_of(leaning: Leaning, room: Room, draft: Draft) -> Taste:
    """The leaning in the units of this stock: shape is measured against that of a typical patch of the first draft."""
    typical = sum(inertia(row) for row in draft.tally) / max(len(draft.tally), 1)
    compact = leaning.compact / typical if typical > 0 else 0.0
    return Taste(
        room.target,
        leaning.aim * room.tolerance,
        INNER * room.tolerance,
        leaning.balance,
        compact,
        leaning.change,
        leaning.bond,
    )


def design(
    stock: Stock,
    net: Net,
    room: Room,
    leaning: Leaning = LEANINGS[1],
    *,
    seed: int = 0,
    now: Places | None = None,
    telling: Telling = silent,
) -> Plan:
    """Draw patches of about ``room.target`` households.

    Args:
        stock: the blocks, (n,). What must stay together has been merged before (``net.merged``).
        net: the links between them, without those that cross a hard barrier.
        room: target and tolerance.
        leaning: what to care for most.
        seed: the same seed, blocks and links give the same plan.
        now: the present patch of each block, (n,), -1 for none; with a leaning that minds change the plan grows from
            it. Patches are numbered in the order of those they follow.
        telling: told about the progress.
    """
    piece = components(net)
    present = np.full(len(piece), -1, dtype=np.int64) if now is None else now
    misfits = misfits_of(stock, net, piece, room)
    apart = np.zeros(len(piece), dtype=bool)
    apart[[block for misfit in misfits for block in misfit.blocks]] = True
    tries = []
    is_coarse = len(piece) * room.target < COARSE * float(stock.weight.sum())
    for attempt in range(1 if is_coarse else ATTEMPTS):
        part = _attempt(stock, net, room, leaning, seed * ATTEMPTS + attempt, piece, present, apart, telling)
        tries.append((_out(stock, part[~apart], ~apart, room), attempt, part))
        if tries[-1][0] == 0.0:
            break
    telling(1.0, "done")
    named = named_alike(min(tries)[2], present, stock.weight)
    kept, part = np.unique(named, return_inverse=True)
    return Plan(part.astype(np.int64), len(kept), misfits, seed, leaning.name)


def _out(stock: Stock, part: Places, which: Places, room: Room) -> float:
    """How much too far off the patches of the blocks ``which`` are, in all, as shares of the target."""
    held = np.bincount(part, stock.weight[which])
    off = np.abs(held[held > 0] - room.target) / room.target
    return float(np.maximum(off - room.tolerance - 1e-9, 0).sum())


def _attempt(
    stock: Stock,
    net: Net,
    room: Room,
    leaning: Leaning,
    seed: int,
    piece: Places,
    now: Places,
    apart: NDArray[np.bool_],
    telling: Telling,
) -> Places:
    """One plan from one start."""
    sow(seed)
    rng = np.random.default_rng(seed)
    ground = Ground(stock, net)
    stays = leaning.change > 0 and bool((now >= 0).any())
    part = grown(stock, net, now) if stays else first_draft(ground, piece, room)
    draft = Draft.of(ground, part, now if stays else np.full_like(now, -1), apart)
    taste = taste_of(leaning, room, draft)
    telling(0.2, "moving")
    steps = min(SWEEPS * len(piece), MOST_STEPS)
    draft.anneal(taste, steps, (HOT / 16 if stays else HOT, COLD))
    draft = Draft.of(ground, draft.part, draft.now, apart)
    mend(draft, taste, room, rng, telling)
    return settled(draft, taste, room)


def mend(draft: Draft, taste: Taste, room: Room, rng: np.random.Generator, telling: Telling = silent) -> None:
    """Rebuild about the patches that are off until none is, or nothing helps any more; then smooth the borders."""
    strict = taste._replace(compact=taste.compact / 4, change=taste.change / 4)
    idle = 0
    for round_ in range(ROUNDS):
        late = round_ >= ROUNDS * 2 // 3
        worst = worst_first(draft, taste, (room.tolerance if late else taste.limit) + 1e-9)
        if not worst or idle == IDLE:
            break
        helped = False
        for patch in (each for each in worst[:EACH_ROUND] if draft.tally[each, 4] > 0):
            helped |= rebuild(draft, draft.around(patch, int(rng.integers(2, WIDEST + 1)), rng), strict, room)
        idle = 0 if helped else idle + 1
        if round_ % 4 == 3:
            smooth(draft, strict, HOT / 16)
        if late:
            strict = strict._replace(compact=strict.compact / 2)
        telling(0.5 + 0.5 * round_ / ROUNDS, "mending")
    smooth(draft, taste if not worst else strict, HOT / 80)
    straighten(draft, taste, room, rng)


def straighten(draft: Draft, taste: Taste, room: Room, rng: np.random.Generator) -> None:
    """Rebuild about what is still further off than aimed at, whatever becomes of the shape: at the end of a long lane
    the even cut may be the longer one, and moves that mind the shape never find it."""
    even = taste._replace(compact=0.0, bond=0.0)
    count = int((draft.tally[:, 4] > 0).sum())
    # Where many are off, or blocks are large, the shape of the whole would be the price of more than the tolerance.
    is_fine = len(draft.part) >= FINE * count and len(worst_first(draft, taste, taste.limit + 1e-9)) <= count // FEW
    limit = taste.limit if is_fine else room.tolerance
    for attempt in range(LAST):
        worst = worst_first(draft, taste, limit + 1e-9)
        if not worst:
            return
        patch = worst[attempt % len(worst)]
        rebuild(draft, draft.around(patch, int(rng.integers(2, AMONG + 1)), rng), even, room)


def smooth(draft: Draft, taste: Taste, heat: float) -> None:
    """A short, cool run of moves."""
    draft.anneal(taste, min(SMOOTHING * len(draft.part), MOST_STEPS // 10), (heat, COLD))
