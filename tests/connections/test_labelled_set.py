"""The labelled set is whole: enough pairs, each of things that are there, in two halves that share no topic."""

import csv

from tests.connections.labelled_set import FOLDER, is_held_back, measure, offers, wishes


def test_there_are_at_least_300_pairs_that_fit_and_each_names_what_is_there() -> None:
    known = {offer.id for offer in offers()}
    both = [*wishes(held_back=False), *wishes(held_back=True)]
    assert sum(len(wish.fits or {}) for wish in both) >= 300
    assert {offer for wish in both for offer in wish.fits or {}} <= known
    assert all(wish.fits for wish in both)


def test_no_pair_stands_twice() -> None:
    with (FOLDER / "pairs.csv").open(newline="", encoding="utf-8") as lines:
        pairs = [(row["wish"], row["offer"]) for row in csv.DictReader(lines)]
    assert len(pairs) == len(set(pairs))


def test_whole_topics_are_held_back_about_half_of_them() -> None:
    topics = {wish.topic for half in (False, True) for wish in wishes(held_back=half)}
    held = {wish.topic for wish in wishes(held_back=True)}
    assert held == {topic for topic in topics if is_held_back(topic)}
    assert 0.4 < len(held) / len(topics) < 0.6


def test_a_perfect_order_reaches_what_is_possible_and_an_empty_one_nothing() -> None:
    asked = wishes(held_back=False)
    best = measure(asked, lambda wish: sorted(wish.fits or {}))
    assert best["precision"] == best["possible"] < 1
    assert best["first_fits"] == 1
    assert set(measure(asked, lambda wish: []).values()) == {0, best["possible"]}
