"""Parts: where one capture ends and the next begins, in a file that people made of several.

Captures have no newline at their end. Where files were simply put together, the first words of the next capture are
glued to the last line of the one before.
"""

import re
import string
from collections.abc import Sequence

from paperlake.layouts.page import BANNER

_HEADS = frozenset(
    {
        "Get", "---", "<!d", "<!D", "<ht", "<HT", "**U", "**S", "**T", "**P", "- U", "- S", "- T", "- P", "]", "[{",
        '[{"', "[ {", *(f"# {letter}" for letter in string.printable),
    }
)  # fmt: skip
_TAILS: dict[str, tuple[str, ...]] = {
    "!": ("inbox!", "once a day!"), ".": ("results.",), "y": ("community",), "-": ("---",), "[": ("[",),
    ">": ("</html>",),
}  # fmt: skip
"""Ends by their last character. Heads and ends pass few lines at little cost; what they pass is looked at."""
_OPENERS = re.compile(
    r"<!doctype|<html|\[\s*\{|\d+ papers matched the query|by AK and the AI research community$", re.IGNORECASE
)
_GLUED_QUERY = re.compile(r".*\S\d+ papers matched the query ")
_FACT = re.compile(r"(?:[-*] |\*\*)(?:URL|Source|Title|Page Title)\b[\w ]{0,20}:(?:\*\*)? ?\S")
_FACT_BELOW_HEADING = re.compile(r"(?:[-*] |\*\*)?[A-Z][\w ()/-]{1,30}:(?:\*\*)? ?\S")
_PROPERTY = re.compile(r"[A-Za-z][\w -]*:(?: |$)")
_NEAR = 8
"""Lines. The banner is written twice, with blank lines between; both belong to one page."""
_LONGEST_HEADER = 100
"""Lines from front matter, or a list of facts, to the banner of the same page: below a site's menu it is 75."""
_FACT_HEADS = ("# ", "**", "- ")
_GLUED = re.compile(
    rf"(?<=\S)(?:{BANNER}(?: once a day)?!|(?<!-)---|```\w*)$"
    r"|(?<=[.!?)\]}])(?:new|Submitted by|Daily Papers|# [^#]{1,120}|<!doctype html>|\[|\[?\{)$"
    r"|(?:(?<=[-.!?)\]}>])|(?<=, 20\d\d))\d+ papers matched the query .*$",
    re.IGNORECASE,
)


def find_parts(lines: Sequence[str]) -> list[int]:
    """Indices from 0 of the lines at which a capture may begin, the first always among them.

    Too many are harmless: a piece that no layout knows is put to the one that follows.
    """
    likely = [
        at
        for at, line in enumerate(lines)
        if line and ((line[-1] in _TAILS and line.endswith(_TAILS[line[-1]])) or line[:3] in _HEADS)
    ]
    starts, last_banner, last_wrapping = [0], -_NEAR, -_LONGEST_HEADER
    for at in likely:
        if BANNER in lines[at]:
            is_next_page = at - last_banner >= _NEAR and at - last_wrapping >= _LONGEST_HEADER
            if is_next_page:
                starts.append(at if lines[at].startswith(BANNER) else at + 1)
            last_banner, last_wrapping = at, -_LONGEST_HEADER
        elif (start := _start(lines, at)) is not None:
            starts.append(start)
            last_wrapping = start if lines[at][-3:] == "---" or lines[at][:2] in _FACT_HEADS else last_wrapping
    return sorted({0, *(start for start in starts if start < len(lines))})


def unglue(line: str) -> str:
    """The last line of a part that another follows, without the first words of that.

    >>> unglue("Fifty labels are enough.Get trending papers in your email inbox once a day!")
    'Fifty labels are enough.'
    >>> unglue("Fifty labels are enough.---"), unglue("Code: https://a.example/b"), unglue("---")
    ('Fifty labels are enough.', 'Code: https://a.example/b', '---')
    """
    return _GLUED.sub("", line)


def _start(lines: Sequence[str], at: int) -> int | None:
    """Where a capture begins, if this line or its end opens one."""
    line = lines[at]
    if line == "]" or line.endswith("</html>"):  # what follows the end of a list or of a page is another capture
        return at + 1
    if line.endswith("---"):
        if line[:3] not in ("---", "***") or line == "---":
            return (at if line == "---" else at + 1) if _next_filled(lines, at, _PROPERTY) else None
        return None
    if line.startswith("# "):
        return at if _next_filled(lines, at, _FACT_BELOW_HEADING) else None
    if line[:2] in ("**", "- "):
        return at if _FACT.match(line) and not _is_below_facts(lines, at) else None
    if line.endswith("["):
        is_list = lines[at + 1 : at + 2] and lines[at + 1].lstrip()[:1] == "{" and not line.endswith(": [")
        return (at if line.strip() == "[" else at + 1) if is_list else None
    if line.endswith("results.") and _GLUED_QUERY.match(line):
        return at + 1
    follows_doctype = line[:5].lower() == "<html" and at > 0 and lines[at - 1][:9].lower() == "<!doctype"
    return at if _OPENERS.match(line) and not follows_doctype else None


def _is_below_facts(lines: Sequence[str], at: int) -> bool:
    """Whether the lines right above open the same capture: its heading, or more facts."""
    above = [line for line in lines[max(0, at - 3) : at] if line.strip()]
    return any(line.startswith("# ") or _FACT.match(line) for line in above)


def _next_filled(lines: Sequence[str], at: int, pattern: re.Pattern[str]) -> bool:
    following = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return pattern.match(following) is not None
