"""Reading other people's files, in a sandboxed process that returns only typed rows.

``look`` says what a file is; ``open_file`` streams its rows. The parent never parses: it hands an open
file to a child without network, rights or secrets, and takes Arrow batches and sentences back.
"""

from abcd.intake.read.facts import FileLook, GeometryText, Layer, ReadChoice, ReadIssue
from abcd.intake.read.reading import Reading, look, open_file

__all__ = ["FileLook", "GeometryText", "Layer", "ReadChoice", "ReadIssue", "Reading", "look", "open_file"]
