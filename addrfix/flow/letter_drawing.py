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
from addrfix.letters.facts import LetterFacts
from addrfix.letters.marks import Page
from addrfix.letters.readback import ReadPdf, UnreadablePdf, missing_from
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
    """Letter id → what its finished PDF lacks."""


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
        pages = composer.pages(composer.draft(facts))
        content = composer.single(pages, facts.letter_no)
        lacks = _lacks(content, facts, composer, pages)
        if lacks:
            result.failed[facts.letter_id] = lacks
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


def _lacks(
    content: bytes, facts: LetterFacts, composer: Composer, pages: Sequence[Page]
) -> str | None:
    try:
        with ReadPdf(content) as read:
            return missing_from(read, facts, composer.watermark, len(pages))
    except UnreadablePdf:
        return "file"


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
