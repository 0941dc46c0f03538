"""The quality report as one HTML page that asks no other host for anything, and as plain text."""

from __future__ import annotations

from jinja2 import Environment, StrictUndefined

from addrfix.dispatch.qc import QcReport, Section, say, sections
from addrfix.knowledge import folder


def qc_page(report: QcReport, language: str) -> str:
    """The page in a language of `addrfix.dispatch.qc.LANGUAGES`; it fits on one sheet of A4.

    Every text is escaped: what comes from a batch is never read as markup.
    """
    source = (folder("templates") / "qc" / "page.html").read_text(encoding="utf-8")
    page = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).from_string(source)
    words = ("title", "checked", "none", "rules_passed", "examples_note", "footer")
    return page.render(
        {word: say(word, language) for word in words},
        lang=language,
        batch=dict(report.facts)["batch_id"],
        specimen=say("specimen", language) if report.specimen else "",
        share=report.share,
        whole=report.checked == report.letters,
        sections={section.key: section for section in sections(report, language)},
        severities={key: say(key, language) for key in ("block", "warn", "info", "off")},
        broken=[rule for rule in report.rules if rule.found],
        passed=[rule for rule in report.rules if not rule.found],
        sign=[say(f"sign_{line}", language) for line in ("compliance", "date", "remarks")],
    )


def qc_text(report: QcReport, language: str) -> str:
    """The same for a terminal."""
    lines = [say("title", language), f"{report.share} {say('checked', language)}"]
    if report.specimen:
        lines.append(say("specimen", language))
    for section in sections(report, language):
        lines += ["", section.title, *_rows(section, language)]
    return "\n".join(lines) + "\n"


def _rows(section: Section, language: str) -> list[str]:
    if not section.rows:
        return [f"  {say('none', language)}"]
    heads = [section.columns] if section.columns else []
    return ["  " + "  ".join(row) for row in (*heads, *section.rows)]
