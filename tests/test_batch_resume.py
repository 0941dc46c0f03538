"""A batch that was stopped goes on where it was, and the result is the same to the byte."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from letter_samples import AS_OF, SENDER, case, cases, picks

from addrfix.dispatch.making import Making, making
from addrfix.flow import letter_drawing
from addrfix.flow.letters import BatchSummary, make_batch
from addrfix.flow.verify import verify_batch
from addrfix.model.errors import BadUsage, LetterProblem

FRAME = cases(*(case(number, name=f"王小{char}") for number, char in enumerate("满月星云山海")))


@pytest.fixture(autouse=True)
def _small_print_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addrfix.flow.letters.LETTERS_PER_FILE", 2)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "team.key"
    path.write_bytes(b"a secret of the tests only")
    return path


def made(out: Path, secret: Path, **more: Any) -> BatchSummary:
    options: dict[str, Any] = {
        "template": "lawyer_letter", "sender": SENDER, "as_of": AS_OF, "progress": False,
        "workers": 1,
    }  # fmt: skip
    return make_batch(picks(FRAME), FRAME, out=out, secret=secret, **(options | more))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one call gives that nothing stops."""
    place = tmp_path_factory.mktemp("whole")
    key = place / "team.key"
    key.write_bytes(b"a secret of the tests only")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addrfix.flow.letters.LETTERS_PER_FILE", 2)
        made(place / "batch", key)
    return content(place / "batch")


def content(out: Path) -> dict[str, bytes]:
    paths = sorted(path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in paths}


class Stopped(BaseException):
    """What a test stops a command with; nothing catches it."""


def stopping(monkeypatch: pytest.MonkeyPatch, place: str, after: int) -> None:
    """Let a function do its work some times, and then stop the command."""
    module, name = place.rsplit(".", 1)
    real: Callable[..., Any] = getattr(sys.modules[module], name)
    calls = 0

    def stop(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > after:
            raise Stopped
        return real(*given, **named)

    monkeypatch.setattr(place, stop)


@pytest.mark.parametrize(
    ("place", "after", "kept"),
    [
        ("addrfix.flow.letter_drawing.missing_from", 0, 0),
        ("addrfix.flow.letter_drawing.missing_from", 3, 2),
        ("addrfix.flow.letter_drawing.asdict", 1, 2),
        ("addrfix.flow.letter_listing._checks", 1, 6),
        ("addrfix.flow.letter_listing.write_parquet", 0, 6),
        ("addrfix.flow.letter_listing.write_table", 1, 6),
        ("addrfix.flow.letter_listing._facts", 0, 6),
    ],
)
def test_stopped_anywhere_it_goes_on(
    tmp_path: Path, secret: Path, whole: dict[str, bytes], place: str, after: int, kept: int
) -> None:
    out = tmp_path / "batch"
    with pytest.MonkeyPatch.context() as patch:
        stopping(patch, place, after)
        with pytest.raises(Stopped):
            made(out, secret)
    goes_on(out, secret, kept, whole)


def goes_on(out: Path, secret: Path, kept: int, whole: dict[str, bytes]) -> None:
    """The same call again gives what one call that nothing stopped gives."""
    assert not out.exists()
    assert made(out, secret).kept == kept
    assert content(out) == whole
    assert verify_batch(out, progress=False).differences == []
    assert [path.name for path in out.parent.iterdir() if path.name.startswith(".")] == []


def test_stopped_before_the_last_rename_it_goes_on(
    tmp_path: Path, secret: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "batch"
    with monkeypatch.context() as patch, pytest.raises(Stopped):
        patch.setattr(Path, "replace", _not_the_folder(Path.replace))
        made(out, secret)
    goes_on(out, secret, 6, whole)


def test_killed_after_the_last_rename_the_batch_is_there(tmp_path: Path, secret: Path) -> None:
    out = tmp_path / "batch"
    made(out, secret)
    (tmp_path / ".batch.7K3F9Q2M.part" / "shares").mkdir(parents=True)
    with pytest.raises(BadUsage, match="not empty"), making(out, "7K3F9Q2M"):
        pass
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def _not_the_folder(real: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    def replace(path: Path, target: Path) -> Path:
        if path.name == "batch":
            raise Stopped
        return real(path, target)

    return replace


def test_a_killed_process_goes_on(tmp_path: Path, secret: Path, whole: dict[str, bytes]) -> None:
    out = tmp_path / "batch"
    # The command as a process of its own, which draws one print file and then waits to be killed.
    script = tmp_path / "letters.py"
    tests = Path(__file__).parent
    script.write_text(
        f"""
import sys, time
from pathlib import Path
sys.path[:0] = [{str(tests)!r}, {str(tests.parent)!r}]
import addrfix.flow.letters as letters
from test_batch_resume import made
letters.LETTERS_PER_FILE = 2
real = letters.letters_bar

if __name__ == "__main__":
    from contextlib import contextmanager

    @contextmanager
    def waiting(count, *, shown):
        def advance(letters):
            print("drawn", flush=True)
            time.sleep(600)
        yield advance

    letters.letters_bar = waiting
    made(Path({str(out)!r}), Path({str(secret)!r}), workers=2)
""",
        encoding="utf-8",
    )
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"drawn"
        process.kill()
    assert not out.exists()
    summary = made(out, secret)
    assert summary.kept >= 2
    assert "had been drawn by a command that was stopped" in "\n".join(summary.lines())
    assert content(out) == whole


def half_made(out: Path, secret: Path, **more: Any) -> Making:
    """A batch of which two print files are drawn."""
    with pytest.MonkeyPatch.context() as patch:
        stopping(patch, "addrfix.flow.letter_drawing.missing_from", 5)
        with pytest.raises(Stopped):
            made(out, secret, **more)
    (root,) = out.parent.glob(".batch.*.part")
    return Making(root)


def _cut_letter(place: Making) -> None:
    letter = min((place.batch / "letters").iterdir())
    letter.write_bytes(letter.read_bytes()[:-100])


def _lost_print_file(place: Making) -> None:
    (place.batch / "print" / "0001.pdf").unlink()


def _cut_record(place: Making) -> None:
    place.share(1).write_bytes(place.share(1).read_bytes()[:-20])


def _strange_record(place: Making) -> None:
    place.share(1).write_bytes(b'{"drawn": [1], "job": 2}')


def _stray_letter(place: Making) -> None:
    (place.batch / "letters" / "stray.pdf").write_bytes(b"%PDF")
    place.share(1).unlink()


@pytest.mark.parametrize(
    "harm", [_cut_letter, _lost_print_file, _cut_record, _strange_record, _stray_letter]
)
def test_what_is_not_whole_is_drawn_again(
    tmp_path: Path, secret: Path, whole: dict[str, bytes], harm: Callable[[Making], None]
) -> None:
    out = tmp_path / "batch"
    harm(half_made(out, secret))
    assert made(out, secret).kept == 2
    assert content(out) == whole


def test_other_input_begins_anew_and_leaves_nothing_of_the_old(
    tmp_path: Path, secret: Path
) -> None:
    out = tmp_path / "batch"
    half_made(out, secret)
    neighbour = tmp_path / ".batch.may.7K3F9Q2M.part"
    neighbour.mkdir()
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("\n".join(f"XA000000{n:05d}" for n in range(6)), encoding="utf-8")
    assert made(out, secret, numbers=numbers).kept == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == [
        neighbour.name
    ]


def test_a_larger_sample_of_codes_is_not_taken_as_done(tmp_path: Path, secret: Path) -> None:
    out = tmp_path / "batch"
    half_made(out, secret, check_barcodes=0)
    assert made(out, secret, check_barcodes=None).kept == 0


def test_a_fault_before_a_print_file_is_done_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), making(tmp_path / "batch", "7K3F9Q2M") as place:
        (place.batch / "letters" / "x.pdf").write_bytes(b"x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_and_the_command_goes_on_when_there_is_room(
    tmp_path: Path, secret: Path, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = Making.put, 0

    def put(self: Making, path: Path, content: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls > 6:
            raise OSError(28, "No space left on device", str(path))
        real(self, path, content)

    with monkeypatch.context() as full:
        full.setattr(Making, "put", put)
        with pytest.raises(LetterProblem, match="batch cannot be finished: No space left on dev"):
            made(tmp_path / "batch", secret)
    assert not (tmp_path / "batch").exists()
    assert made(tmp_path / "batch", secret).kept == 2
    assert content(tmp_path / "batch") == whole


def test_two_commands_do_not_make_one_folder(tmp_path: Path) -> None:
    with (
        FileLock(tmp_path / ".batch.lock"),
        pytest.raises(BadUsage, match="another command"),
        making(tmp_path / "batch", "7K3F9Q2M"),
    ):
        pass


def test_a_worker_that_is_ended_from_outside_is_told(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letter_drawing, "draw", _ended)
    with pytest.raises(LetterProblem, match="run the same command again"):
        made(tmp_path / "batch", secret, workers=2)


def _ended(_: object) -> None:
    import os

    os._exit(9)


def test_a_bar_tells_place_and_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    from addrfix.flow.progress import letters_bar

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    with letters_bar(4, shown=True) as advance:
        advance(2)
        time.sleep(0.11)
        advance(2)
    assert "4/4" in shown.getvalue()
    assert "/s" in shown.getvalue()
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    with letters_bar(4, shown=True) as advance:
        advance(4)
    assert file.getvalue() == ""
