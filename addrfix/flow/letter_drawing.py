"""Draws the letters of one print file; the unit of work of a worker process."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from addrfix.dispatch.folder import letter_file, print_file
from addrfix.letters.compose import Composer
from addrfix.letters.draft import Draft
from addrfix.letters.facts import LetterFacts
from addrfix.letters.marks import Page
from addrfix.letters.readback import (
    ReadPdf,
    UnreadablePdf,
    missing_from,
    shows_only_recipient,
)
from addrfix.letters.sender import read_sender
from addrfix.letters.template_files import read_template


@dataclass(frozen=True, slots=True)
class Job:
    """The letters of one print file; small and picklable."""

    number: int
    """Of the print file, from 1."""
    letters: tuple[LetterFacts, ...]
    folder: Path
    template: str
    sender: Path
    created_on: date


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter that lies in its file and in a print file."""

    letter_id: str
    pages: int
    sha256: str
    print_file: str
    start_page: int
    end_page: int


@dataclass(slots=True)
class Result:
    """What came of a job."""

    drawn: list[Drawn] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Letter id → the rule that its finished PDF breaks, with what is wrong."""


@lru_cache(maxsize=1)
def _composer(template: str, sender: Path, created_on: date) -> Composer:
    return Composer(read_template(template), read_sender(sender), created_on)


def draw(job: Job) -> Result:
    """Write the single files of a job and its print file.

    A letter whose text does not read back right is in neither.
    """
    composer = _composer(job.template, job.sender, job.created_on)
    result = Result()
    writer = composer.writer()
    for facts in job.letters:
        draft = composer.draft(facts)
        pages = composer.pages(draft)
        content = composer.single(pages, facts.letter_no)
        broken = _broken(content, draft, composer, pages)
        if broken:
            result.failed[facts.letter_id] = broken
            continue
        (job.folder / letter_file(facts.letter_id)).write_bytes(content)
        start = writer.page_count + 1
        writer.add(pages)
        result.drawn.append(
            Drawn(
                letter_id=facts.letter_id,
                pages=len(pages),
                sha256=hashlib.sha256(content).hexdigest(),
                print_file=print_file(job.number),
                start_page=start,
                end_page=writer.page_count,
            )
        )
        # The next letter begins on the front of a sheet.
        if writer.page_count % 2:
            writer.add_blank()
    if result.drawn:
        content = writer.write(print_file(job.number))
        (job.folder / print_file(job.number)).write_bytes(content)
    return result


def _broken(content: bytes, draft: Draft, composer: Composer, pages: Sequence[Page]) -> str | None:
    """The rule that a finished file breaks, and what is wrong; None where it is right."""
    try:
        with ReadPdf(content) as read:
            lacks = missing_from(read, draft.facts, composer.watermark, len(pages))
            if lacks:
                return f"E14_reads_back:{lacks}"
            seen = shows_only_recipient(read, draft, composer.opening, composer.watermark)
            return None if seen else "E03_window_only_recipient:window"
    except UnreadablePdf:
        return "E14_reads_back:file"


def draw_all(jobs: Iterable[Job], workers: int) -> Iterator[Result]:
    """Results in the order of the jobs, drawn here or by `workers` processes.

    Only a few jobs are taken ahead, so that memory does not grow with their number.
    """
    if workers < 2:
        yield from map(draw, jobs)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        ahead: deque[Future[Result]] = deque()
        for job in jobs:
            ahead.append(pool.submit(draw, job))
            if len(ahead) > 2 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
