"""Figures about people that may leave: how a count is shown, over which areas, and an attack on all that was shown.

Pure arithmetic: nothing here reads a store. The rules are trust.md P4-P10 and R11, product.md C.3.
"""
