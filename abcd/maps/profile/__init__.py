"""A place on one page: what is strong there, its map, what may be missing, what nobody has looked for, and sources."""

from abcd.maps.profile.writing import FORMS, Written, profile_file, write_profile

__all__ = ["FORMS", "Written", "profile_file", "write_profile"]
