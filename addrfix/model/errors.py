"""Errors a person has to act on. Bad data in a record is never one of these: it gets a reason code.

    AddrfixError              1
    ├── BadUsage              2   wrong option or argument
    ├── BadInput              1   a file that cannot be read as what it should be
    ├── BadSettings           1   a table, template, sender file or scorer that does not hold
    ├── GazetteerProblem      1   the gazetteer is missing, stale or damaged
    ├── LetterProblem         1   letters cannot be drawn
    ├── BatchProblem          1   a batch folder does not agree with itself
    └── RowsUnread            3   done, but rows could not be read and --strict was given

The figure is the exit code. A message says what, where (file and line, case id) and what to do.
"""

from __future__ import annotations


class AddrfixError(Exception):
    """Base of all errors that the command line prints as one sentence."""

    exit_code = 1


class BadUsage(AddrfixError):
    """Wrong option or argument."""

    exit_code = 2


class BadInput(AddrfixError):
    """A file of the user's cannot be read as what it should be."""


class BadSettings(AddrfixError):
    """A knowledge table, template, sender file or scorer does not hold."""


class GazetteerProblem(AddrfixError):
    """The gazetteer is missing, stale or damaged."""


class LetterProblem(AddrfixError):
    """Letters cannot be drawn."""


class BatchProblem(AddrfixError):
    """A batch folder does not agree with itself."""


class RowsUnread(AddrfixError):
    """Done, but rows could not be read and the user asked to be strict."""

    exit_code = 3
