"""A damaged batch folder is refused in one sentence that names the file and the way out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from made_batches import made_batch

from addrfix.flow.candidates import TableOptions
from addrfix.flow.past_letters import read_letters
from addrfix.flow.report import report_figures
from addrfix.flow.track import track
from addrfix.flow.verify import verify_batch
from addrfix.model.errors import BatchProblem

Asked = Callable[[Path], object]
LATER: dict[str, Asked] = {
    "track": lambda batch: track(batch, []),
    "learn": lambda batch: read_letters([batch], TableOptions(), for_learning=True),
    "pick": lambda batch: read_letters([batch], TableOptions()),
    "report": lambda batch: report_figures([batch], as_of=date(2026, 6, 1)),
}


@pytest.fixture
def batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tracked batch, named as a user names it: from the folder that it is in."""
    made = made_batch(tmp_path / "b", letters=30)
    picks = made / "private" / "picks.parquet"
    with_standardized(picks)
    track(made, [])
    monkeypatch.chdir(tmp_path)
    return Path("b")


def with_standardized(picks: Path) -> None:
    frame = pl.read_parquet(picks)
    frame.with_columns(standardized=pl.lit("示例省示例市示例路1号")).write_parquet(picks)


def said(ask: Asked, batch: Path) -> str:
    with pytest.raises(BatchProblem) as caught:
        ask(batch)
    sentence = str(caught.value)
    assert "\n" not in sentence
    assert str(batch.resolve()) not in sentence
    return sentence


@pytest.mark.parametrize("content", [b"", b'{"batch_id": "B2', b"{}", b"[]", b"\xff"])
def test_batch_json(batch: Path, content: bytes) -> None:
    (batch / "batch.json").write_bytes(content)
    [sentence] = {said(ask, batch) for ask in (*LATER.values(), verify_batch)}
    assert sentence.startswith(str(batch / "batch.json"))
    assert "take it from a copy" in sentence


@pytest.mark.parametrize("keep", [0, 3, 4, 0.3, 0.9, -1, "middle"])
@pytest.mark.parametrize(
    ("name", "asked", "way_out"),
    [
        ("manifest.parquet", ("track", "learn", "pick", "report"), "from a copy"),
        ("outcomes.parquet", ("learn", "pick", "report"), "addrfix track"),
        ("events.parquet", ("track",), "move it away"),
        ("private/picks.parquet", ("learn", "pick", "report"), "from a copy"),
    ],
)
def test_a_table(
    batch: Path, name: str, asked: tuple[str, ...], way_out: str, keep: float | str
) -> None:
    path = batch / name
    whole = path.read_bytes()
    if keep == "middle":
        # Everything but the marks at both ends is overwritten.
        path.write_bytes(whole[:4] + b"\xff" * (len(whole) - 8) + whole[-4:])
    else:
        assert not isinstance(keep, str)
        path.write_bytes(whole[: int(keep * len(whole)) if isinstance(keep, float) else keep])
    [sentence] = {said(LATER[command], batch) for command in asked}
    assert sentence.startswith(str(batch / name))
    assert way_out in sentence


def test_outcomes_are_written_again_from_the_events(batch: Path) -> None:
    whole = (batch / "outcomes.parquet").read_bytes()
    (batch / "outcomes.parquet").write_bytes(whole[:50])
    track(batch, [])
    assert (batch / "outcomes.parquet").read_bytes() == whole
