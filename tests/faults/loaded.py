"""What the server loads before its first visitor, loaded once for all the servers that are forked from here."""

import importlib

from abcd.api.server import HEAVY

for name in HEAVY:
    importlib.import_module(name)
