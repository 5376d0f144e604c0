"""Where one more would reach most homes (product.md D.5): residents choose, this lays out what there is to choose."""
