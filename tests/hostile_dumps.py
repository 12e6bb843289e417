r"""Dumps that wish the page of a release harm: markup, scripts, templates, formulas, control characters, long words.

`tests/cases/hostile/` holds their text with placeholders for what git, editors and people do not bear: `<U+202E>` is
that character, `<U+0335 x 40>` that character so many times, `<k x 4000>` that letter so many times. The path of one
more dump is hostile itself, and so is made here. What they would run says `alert`, or sets `window.__pwned`.
"""

import re
from pathlib import Path

CASES = Path(__file__).parent / "cases" / "hostile"
LATER = "2026-05-01-api.json"
"""The dump that comes with the second release, so that there are differences to tell."""
PATH = "2026 <b>'bold' & \"quoted\" </script><img src=x onerror=alert(44)> {{7*7}} \u202ecod.exe 2026-05-05.md"
"""Of one more dump: its slash ends the name of a folder, and its end is turned round where nothing keeps it apart."""
_CHARACTER = re.compile(r"<U\+(?P<code>[0-9A-F]{4,6})(?: x (?P<times>\d+))?>")
_LONG_WORD = re.compile(r"<(?P<letter>[A-Za-z]) x (?P<times>\d+)>")
_AT_ODD_PATH = """\
### The Path to the Shed

A path of mud leads to the shed, and its name is worse than its mud.
- 2 authors
[LINK: GitHub 3](https://github.com/example-lab/path-to-the-shed)
"""


def spell_out(text: str) -> str:
    """The text with its placeholders carried out.

    >>> spell_out("<b><k x 3>ettle<U+0021 x 2></b>")
    '<b>kkkettle!!</b>'
    """
    words = _LONG_WORD.sub(lambda found: found["letter"] * int(found["times"]), text)
    return _CHARACTER.sub(lambda found: chr(int(found["code"], 16)) * int(found["times"] or 1), words)


def write_hostile_dumps(raw: Path, *, is_later: bool) -> None:
    """Nothing; the dumps of the first release stand below a folder, or the one that comes with the second."""
    raw.mkdir(parents=True, exist_ok=True)
    for case in sorted(CASES.iterdir()):
        if is_later == (case.name == LATER):
            (raw / case.name).write_text(spell_out(case.read_text(encoding="utf-8")), encoding="utf-8", newline="")
    if not is_later:
        odd = raw / PATH
        odd.parent.mkdir(exist_ok=True)
        odd.write_text(_AT_ODD_PATH, encoding="utf-8")
