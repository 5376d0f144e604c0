"""A page as one writes it first, which the sweep of double clicks must catch. Its saves go to ``NAIVE_LEDGER``."""

import os
import time
from pathlib import Path

import streamlit as st

ledger = Path(os.environ["NAIVE_LEDGER"])
if st.button("Add it"):
    with ledger.open("a") as file:
        file.write(f"{time.monotonic()}\n")
    st.success("Saved")
