"""Layouts that are plain text: compact, spaced and the daily e-mail.

Conventions: the three seeds (000, 001 compact; 002 spaced), compact-with-submitters.txt, submitters-only-spaced.txt,
email-digest.txt.
"""

from benchmarks.page_writers.cards import BANNER, Sheet, Written, apart, day_month, month_day, write
from benchmarks.page_writers.papers import Paper


def compact_header(_sheet: Sheet) -> list[str]:
    """The banner; its button is glued to the first line of the first card."""
    return [f"{BANNER} once a day!", f"{BANNER}!", "Subscribe"]


def compact_card(paper: Paper, sheet: Sheet) -> Written:
    """Title and abstract, below two lines for the submitter where asked."""
    lines = [*_submitter(paper, sheet), paper.title, paper.abstract]
    return _write(lines, paper, sheet)


def spaced_header(sheet: Sheet) -> list[str]:
    """Banner, byline and the page's day."""
    return apart(["new", f"{BANNER}!", "Subscribe", "byAK and the research community", month_day(sheet.captured_on)])


def spaced_card(paper: Paper, sheet: Sheet) -> Written:
    """Title and abstract, an empty line behind each; the submitter's two lines stand together."""
    submitter = _submitter(paper, sheet)
    lines = [*submitter, *([""] if submitter else []), paper.title, "", paper.abstract, ""]
    return _write(lines, paper, sheet)


def email_header(sheet: Sheet) -> list[str]:
    """Greeting with the day."""
    chosen = f"Here is the selection of papers for today ({day_month(sheet.captured_on)}):"
    return ["Daily Papers", "by AK and the AI research community", chosen]


def email_card(paper: Paper, _sheet: Sheet) -> Written:
    """Title and upvotes on one line."""
    return write([f"{paper.title} ({paper.upvotes} ▲)"], title_raw=paper.title, upvotes=paper.upvotes)


def email_footer(_sheet: Sheet) -> list[str]:
    """The closing sentence."""
    return ["To view more checkout today's Daily Paper page."]


def no_footer(_sheet: Sheet) -> list[str]:
    """Nothing: the page ends with its last card."""
    return []


def _submitter(paper: Paper, sheet: Sheet) -> list[str]:
    return ["Submitted by", paper.submitted_by] if sheet.submitters and paper.submitted_by else []


def _write(lines: list[str], paper: Paper, sheet: Sheet) -> Written:
    submitted_by = paper.submitted_by if sheet.submitters else None
    return write(lines, title_raw=paper.title, abstract_raw=paper.abstract, submitted_by=submitted_by)
