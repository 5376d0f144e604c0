"""Figures about people leave as releases: counted, rounded, attacked, frozen (trust.md P3-P10, R11)."""

from abcd.maps.releases.making import make_release
from abcd.maps.releases.publishing import discard, publish
from abcd.maps.releases.reading import attack_again, figures, release, releases

__all__ = ["attack_again", "discard", "figures", "make_release", "publish", "release", "releases"]
