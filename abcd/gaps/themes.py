"""The themes of wishes and needs in words (product.md C.2)."""

from abcd.core.themes import theme_words

__all__ = ["theme_words"]
