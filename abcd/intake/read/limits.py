"""What a file may cost us, in one place: bytes, seconds, rows, cells and vertices."""

MEGABYTE = 1024 * 1024

#: A file larger than this is refused before a byte of it is read.
FILE_BYTES = 1024 * MEGABYTE
#: What a zipped file may unpack to, and the packing that no honest sheet or map reaches.
UNZIPPED_BYTES = 300 * MEGABYTE
SHEET_BYTES = 100 * MEGABYTE
ZIP_RATIO = 100
ZIP_RATIO_FROM = 10 * MEGABYTE
ZIP_MEMBERS = 5_000

ROWS = 5_000_000
COLUMNS = 200
CELL_CHARACTERS = 32_768
HEADING_CHARACTERS = 200
VERTICES = 100_000
LAYERS = 500
DEPTH = 60

#: One JSON value (a feature) and one row of a text file must fit in memory whole.
VALUE_BYTES = 16 * MEGABYTE
ROW_BYTES = 4 * MEGABYTE

BATCH_ROWS = 65_536
BATCH_CHARACTERS = 16 * MEGABYTE
SAMPLE_ROWS = 200
SAMPLE_BYTES = 256 * 1024
#: Faults of one kind told row by row; the rest are counted.
TOLD_OF_A_KIND = 1_000

MEMORY_BYTES = 512 * MEGABYTE
#: How much longer than its processor seconds the child may be silent, on a machine with much to do.
PATIENCE_SECONDS = 30.0


def cpu_seconds(file_bytes: int) -> int:
    """Processor seconds a file of ``file_bytes`` may use: 20, and half a second a megabyte, at most 120."""
    return min(120, 20 + file_bytes // (2 * MEGABYTE))
