"""Layers as files that others open: one way in (``order.write_files``), one writer a format (``formats.FORMATS``)."""
