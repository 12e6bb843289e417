"""Prose of abstracts: quotes, ties, dashes, operators and blanks that a page lost or a writer left out."""

import re
from functools import partial

from paperlake.text.prose_parts import outside_addresses
from paperlake.text.steps import Step

# What a sentence opens with. A general rule for `word.Word` would split `torch.Tensor` and `Chart.JS`.
_OPENERS = (
    "The|This|These|Those|That|There|Then|Thus|Therefore|They|Their|To|Towards|We|With|Without|When|While|Whereas|What|"
    "Which|In|Inspired|Instead|Indeed|It|Its|If|Is|Our|On|One|Of|Over|However|Hence|Here|How|For|From|Furthermore|Further|"
    "Finally|First|Firstly|Second|Secondly|Third|Thirdly|Lastly|Last|Moreover|More|Meanwhile|Motivated|Many|Most|And|Also|"
    "Although|Additionally|Among|After|Across|As|At|All|An|Another|Any|Because|Based|Beyond|Besides|But|By|Both|"
    "Consequently|Compared|Code|Current|Contrary|Conversely|Concretely|Despite|Due|During|Each|Empirically|Even|Existing|"
    "Experiments|Experimental|Extensive|Evaluations|Given|Generally|Likewise|Nevertheless|Nonetheless|Notably|Not|Next|"
    "Recently|Recent|Results|Rather|Similarly|Since|So|Some|Several|Specifically|Such|Subsequently|Surprisingly|"
    "Through|Throughout|Traditional|Typically|Under|Unlike|Unfortunately|Using|Until|Via|Yet|Overall"
)
# A row: what text must hold, the pattern, what takes its place. A pattern begins with its literal and looks behind it:
# Python then skips to the literal, ten times faster.
_Row = tuple[str, re.Pattern[str], str]
_QUOTES: tuple[_Row, ...] = (
    ("``", re.compile(r"``((?:(?!``)[^\n]){1,300}?)(?:''|(?<=\S)[\"”])"), r"“\1”"),
    (
        "''",
        re.compile(r"''(?<![\w'’\"]'')(?=\w)((?:(?!'')[^\n]){1,200}?)(?<=[\w.,!?)%…])''(?![\w'])"),
        r"“\1”",
    ),
)
_TIES: tuple[_Row, ...] = (
    # A tie between words is a blank; `~30%`, `10X~20X` and `x~N(0,1)` say about, to, and drawn from.
    ("~", re.compile(r"~(?:(?<=[^\W\d_]{2}~)(?=[^\W\d_](?!\w*\())|(?<=[^\W\d_]\.~)(?=[\w(\[]))"), " "),
)
_DASHES: tuple[_Row, ...] = (
    # Both sides blank or both sides text: `--flag`, `-->` and a rule of hyphens between two languages are no dashes.
    ("---", re.compile(r"---(?:(?<= ---)(?= )|(?<=[^\s<!-]---)(?=[^\s>-]))"), "—"),
    ("--", re.compile(r"--(?:(?<= --)(?= )|(?<=[^\s<!-]--)(?=[^\s>-]))"), "–"),
)
_OPERATORS: tuple[_Row, ...] = (
    # Stripped operators only where they touch digits: English has `10 times`, `sometimes`, `sim2real` and `minisim`.
    ("times", re.compile(r"times(?<=\dtimes)(?![a-z])"), "×"),
    ("sim", re.compile(r"sim(?:(?<=\dsim)(?=\d)|(?<![\w-]sim)(?=[\d.]*\d(?:%|×|times)))"), "∼"),
    ("approx", re.compile(r"approx(?<![^\W\d]approx)(?<!-approx)(?=\d)"), "≈"),
    ("cdot", re.compile(r"cdot(?:(?<![A-Za-z]cdot)(?![a-z])|(?<=[A-Z]cdot)(?=[A-Z]))"), "·"),
    ("rightarrow", re.compile(r"rightarrow(?<![A-Za-z]rightarrow)(?![A-Za-z])"), "→"),
    ("{", re.compile(r"\{(?<=\d\{)(\d+)\}(?!\{)"), r"/\1"),
)
_MISSING_BLANKS: tuple[_Row, ...] = (
    # Most stops end here: no opener is tried behind a blank.
    (".", re.compile(rf"\.(?=[A-Z])(?:(?<=[a-z]{{3}}\.)|(?<=[\d)%]\.))(?=(?:{_OPENERS})[ ,])"), ". "),
    (",", re.compile(r",(?=[a-z])(?<=[a-z]{3},)(?=[a-z]{2,}[ .;:])"), ", "),
)
_SPARE_BLANKS: tuple[_Row, ...] = (
    # Not after an address: the blank there keeps the stop out of it.
    (" ,", re.compile(r" ,(?<=[\w)\]%”\"’'] ,)(?=\s|$)"), ","),
    (" .", re.compile(r" \.(?<=[\w)\]%”\"’'] \.)(?=\s|$)(?! ?\.)"), "."),
)


def _repair(rows: tuple[_Row, ...], text: str) -> str:
    for mark, pattern, words in rows:
        # Most text has the mark only where it belongs; it is taken apart only where the pattern is somewhere in it.
        if mark in text and pattern.search(text):
            text = outside_addresses(text, partial(pattern.sub, words))
    return text


PROSE_STEPS = (
    Step("quotes", partial(_repair, _QUOTES)),
    Step("ties", partial(_repair, _TIES)),
    Step("dashes", partial(_repair, _DASHES)),
    Step("operators", partial(_repair, _OPERATORS)),
    Step("missing_blanks", partial(_repair, _MISSING_BLANKS)),
    Step("spare_blanks", partial(_repair, _SPARE_BLANKS)),
)
"""What repairs prose, in order; addresses stay."""
PROSE_HINT = (
    r"~|--|``|''|\d(?:times|sim|approx)|\b(?:sim|approx)\d|cdot|rightarrow|\d\{\d"
    rf"| [.,](?:\s|$)|[a-z0-9)%]\.(?:{_OPENERS})[ ,]|[a-z],[a-z][a-z]+[ .;:]"
)
"""Matches wherever a step may change something (Rust syntax)."""
