"""Everything that leaves as a map or a file, through one registry of layers."""
