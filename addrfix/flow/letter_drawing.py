"""Draws the letters of one print file; the unit of work of a worker process."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from addrfix.dispatch.folder import file_sha256, letter_file, print_file
from addrfix.dispatch.making import Making
from addrfix.flow.letter_record import letter_record
from addrfix.letters.compose import Composer
from addrfix.letters.draft import Draft
from addrfix.letters.enclosure import BadDocument, Given, enclosed, extent
from addrfix.letters.facts import LetterFacts
from addrfix.letters.marks import Page
from addrfix.letters.print_file import PrintFile
from addrfix.letters.readback import (
    ReadPdf,
    UnreadablePdf,
    missing_from,
    shows_only_recipient,
    unread_code,
)
from addrfix.letters.sender import read_sender
from addrfix.letters.signing import LetterSigner, SigningKey
from addrfix.letters.template_files import read_template
from addrfix.model.errors import LetterProblem


@dataclass(frozen=True, slots=True)
class Job:
    """The letters of one print file; small and picklable."""

    number: int
    """Of the print file, from 1."""
    letters: tuple[LetterFacts, ...]
    making: Making
    template: str
    sender: Path
    created_on: date
    basis: str
    """Hash over what all letters share; with the rest it tells whether a share is done already."""
    record: str
    """What the attached records have in common."""
    found: Mapping[str, tuple[str, ...]]
    """Letter id → rules that it breaks and that do not block."""
    documents: Path | None
    """Where the documents lie that go out behind the letters."""
    sign: SigningKey | None
    sample: frozenset[str]
    """Letter ids whose barcode and QR code are decoded from the rendered page."""

    def given(self, facts: LetterFacts) -> list[Given]:
        """The documents behind a letter."""
        root = self.documents or Path()
        return [Given(root / told.file, told.sha256, told.pages) for told in facts.documents]

    def sha256(self) -> str:
        """A hash over everything that decides what is drawn."""
        where = Making(Path())
        told = replace(self, making=where, sample=frozenset(), documents=None)
        return hashlib.sha256(
            f"{told!r}{sorted(self.sample)}".encode("utf-8", "surrogatepass")
        ).hexdigest()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A letter that lies in its file and in a print file."""

    letter_id: str
    pages: int
    own_pages: int
    """Pages without the documents behind the letter."""
    sha256: str
    print_file: str
    start_page: int
    end_page: int


@dataclass(slots=True)
class Share:
    """What came of a job; kept as a record, for listing and for a command that goes on."""

    job: str
    """Hash of the job."""
    drawn: list[Drawn] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    """Letter id → the rule that its finished PDF breaks, with what is wrong."""
    print_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What the process that lists needs to know at once."""

    letters: int
    failed: dict[str, str]
    kept: bool
    """Done by an earlier command already."""


def read_share(making: Making, number: int) -> Share | None:
    """The record of a print file; None where there is none, or none that is whole."""
    try:
        told: dict[str, Any] = json.loads(making.share(number).read_bytes())
        return Share(**(told | {"drawn": [Drawn(**letter) for letter in told["drawn"]]}))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def draw(job: Job) -> Result:
    """Write the single files of a job and its print file, where that has not been done."""
    name = job.sha256()
    share = read_share(job.making, job.number)
    kept = share is not None and share.job == name and _lies_there(share, job)
    if share is None or not kept:
        share = _drawn(job, name)
        record = json.dumps(asdict(share), separators=(",", ":")).encode("ascii")
        job.making.put(job.making.share(job.number), record)
    return Result(len(job.letters), share.failed, kept)


def _lies_there(share: Share, job: Job) -> bool:
    """Are all files of a share as they were written."""
    wanted = {letter_file(letter.letter_id): letter.sha256 for letter in share.drawn}
    if share.print_sha256:
        wanted[print_file(job.number)] = share.print_sha256
    try:
        return all(file_sha256(job.making.batch / name) == sha for name, sha in wanted.items())
    except OSError:
        return False


@lru_cache(maxsize=1)
def _composer(template: str, sender: Path, created_on: date) -> Composer:
    return Composer(read_template(template), read_sender(sender), created_on)


@lru_cache(maxsize=1)
def _signer(key: SigningKey, day: date) -> LetterSigner:
    return LetterSigner(key, day)


def _drawn(job: Job, name: str) -> Share:
    """Draw a job; a letter whose text does not read back right is in no file."""
    composer = _composer(job.template, job.sender, job.created_on)
    share = Share(name)
    printed = PrintFile(composer.writer())
    batch, put = job.making.batch, job.making.put
    for facts in job.letters:
        documents = job.given(facts)
        pages, content, broken = _single(job, composer, facts, documents)
        if broken:
            share.failed[facts.letter_id] = broken
            continue
        if job.sign:
            content = _signer(job.sign, job.created_on).sign(content)
        put(batch / letter_file(facts.letter_id), content)
        start, end = printed.add(pages, documents)
        share.drawn.append(
            Drawn(
                letter_id=facts.letter_id,
                pages=end - start + 1,
                own_pages=len(pages),
                sha256=hashlib.sha256(content).hexdigest(),
                print_file=print_file(job.number),
                start_page=start,
                end_page=end,
            )
        )
    if share.drawn:
        content = printed.write(print_file(job.number))
        put(batch / print_file(job.number), content)
        share.print_sha256 = hashlib.sha256(content).hexdigest()
    return share


def _single(
    job: Job, composer: Composer, facts: LetterFacts, documents: Sequence[Given]
) -> tuple[list[Page], bytes, str | None]:
    """The pages of a letter, its file with the documents, and the rule that the file breaks."""
    draft = composer.draft(facts)
    pages = composer.pages(draft)
    record = letter_record(job.record, facts, job.found)
    content = composer.single(pages, facts.letter_no, record)
    try:
        content = enclosed(content, [(len(pages), documents)]) if documents else content
    except (BadDocument, OSError):
        return pages, content, "E14_reads_back:document"
    own, decoded = len(pages), facts.letter_id in job.sample
    whole = extent(own, [document.pages for document in documents])
    return pages, content, _broken(content, draft, composer, own, whole.pages - own, decoded)


def _broken(
    content: bytes, draft: Draft, composer: Composer, pages: int, behind: int, decoded: bool
) -> str | None:
    """The rule that a finished file breaks, and what is wrong; None where it is right."""
    facts = draft.facts
    try:
        with ReadPdf(content) as read:
            # In the order in which pages are opened once.
            lacks = unread_code(read, facts.barcode, facts.letter_id) if decoded else None
            seen = shows_only_recipient(read, draft, composer.opening, composer.watermark)
            lacks = missing_from(
                read, facts, composer.watermark, pages,
                behind=behind, amounts=composer.states_amounts,
            ) or lacks  # fmt: skip
            if lacks:
                return f"E14_reads_back:{lacks}"
            return None if seen else "E03_window_only_recipient:window"
    except UnreadablePdf:
        return "E14_reads_back:file"


def draw_all(jobs: Iterable[Job], workers: int) -> Iterator[Result]:
    """Results in the order of the jobs, drawn here or by `workers` processes.

    Only a few jobs are taken ahead, so that memory does not grow with their number.

    Raises:
        LetterProblem: a worker process was ended from outside.
    """
    if workers < 2:
        yield from map(draw, jobs)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_serve_parent)
    try:
        ahead: deque[Future[Result]] = deque()
        for job in jobs:
            ahead.append(pool.submit(draw, job))
            if len(ahead) > 2 * workers:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    except BrokenProcessPool as error:
        raise LetterProblem(
            "a process that draws letters was ended from outside, perhaps for want of memory; free "
            "some or give a smaller --workers, then run the same command again: it goes on where "
            "it stopped"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _serve_parent() -> None:
    """Leave interrupting to the parent, and do not outlive it when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
