"""ABCD: community assets on estates, what may be missing, and who could be introduced to whom."""
