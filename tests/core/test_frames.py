import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from abcd.core.frames import Column, Contract

CONTRACT = Contract(
    "things",
    (
        Column("name", "text", ""),
        Column("n", "integer", ""),
        Column("metres", "number", ""),
        Column("is_old", "yes or no", ""),
        Column("geom", "shape", ""),
    ),
)


def test_a_frame_is_completed_with_empty_columns() -> None:
    frame = CONTRACT.complete({"name": pa.array(["a", "b"])}, 2)
    assert list(frame.columns) == CONTRACT.names()
    assert frame.name.tolist() == ["a", "b"]
    assert frame.n.isna().all()
    assert np.isnan(frame.metres).all()
    assert frame.is_old.tolist() == [False, False]
    assert frame.geom.tolist() == [None, None]
    assert CONTRACT.check(frame) is frame


def test_a_column_nobody_agreed_on_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown columns: colour"):
        CONTRACT.complete({"colour": ["red"]}, 1)


def test_a_broken_frame_is_refused() -> None:
    frame = CONTRACT.complete({}, 1)
    with pytest.raises(ValueError, match="missing columns: metres, n"):
        CONTRACT.check(frame.drop(columns=["n", "metres"]))
    with pytest.raises(ValueError, match="nulls in text columns: name"):
        CONTRACT.check(frame.assign(name=pd.Series([None], dtype="str")))
