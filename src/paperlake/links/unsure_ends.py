r"""Names whose end is not sure though no line ends there: cut off with the text, or with what may be theirs behind.

What is certain of such an address is its owner; what it may have been are readings, as for a broken line.
"""

import re

from paperlake.links.broken_lines import Break, before_last_slash
from paperlake.links.typographic_hyphens import DASHES

_NAME_AT_END = re.compile(r"(?:www\.)?github\.com(?::\d+)?[:/\\]+[^/?#\\:]+[/\\]+(?P<name>[^/?#]+)", re.IGNORECASE)
_LONGEST_NAME = 100
# Most addresses end so; nothing of what follows here can make their ends doubtful.
_SURE_ENDS = frozenset(["", " ", "\n", ")", ",", "}"])
_DOUBTFUL = re.compile(r"[.%]")

# What tools write where they cut a text, and the button that some of them read along. Stops may be the sentence's
# own, but then they seldom stand on an address: rather no repository than half a name.
_ELLIPSIS = r"(?:\.{3,}|…|⋯)"
_WORDS = r"(?:(?:read|see|show)[ ])?(?:more|less)"
_CUT_MARK = re.compile(
    rf"(?:{_ELLIPSIS}(?:[ ]?{_WORDS})?|[\[(](?:{_ELLIPSIS}|truncated|cut|snip|more)[\])])\s*\Z", re.IGNORECASE
)
_LAST_STOPS = re.compile(r"[\s.,:;!?\\…]*\Z")

_DASH = re.compile(rf"[{DASHES}](?P<rest>[A-Za-z\d][\w.-]*)")
_ENCODED_DASH = re.compile(r"%E2%80%9[2-5](?=[A-Za-z\d])", re.IGNORECASE)
# `snails.KettleNet boils`: a name may go on with such a word, and a sentence may begin with it.
_NAME_ENDING = r"(?:ai|app|com|core|cpp|dev|edu|html|io|jl|js|json|md|net|org|pdf|py|rs)"
_CAPITAL_WORD = re.compile(rf"(?P<first>[\w.-]*?[A-Za-z])\.(?!(?i:{_NAME_ENDING})$)[A-Z\d][\w.-]*")
_SENTENCE = re.compile(r"\s+[a-z]")
_COLON = re.compile(r":(?:\s*\Z|[ \t]*\n|\s*/)")
# Commands that follow a URL in LaTeX; a backslash before any other letters may be a letter of the name.
_COMMANDS = (
    r"(?:and|bf|bibitem|cite[a-z]*|color|em|emph|footnote[a-z]*|hfill|href|hspace|it|item|label|large|newline|normalsize|"
    r"par|qquad|quad|ref|rm|section|small|sp|text[a-z]+|thanks|url|vspace|xspace|[nrt])"
)
_MARKUP = re.compile(
    rf"\^\{{?\w{{1,3}}\}}?[a-z]|\$[^$\s]{{1,20}}\$[a-z\d]|\\(?!{_COMMANDS}(?![a-z]))[a-z]|\{{[^{{}}\s]{{1,20}}\}}[a-z\d]|\[[^\[\]\s]{{1,20}}\][a-z\d]",
    re.IGNORECASE,
)


def find_unsure_end(text: str, start: int, end: int, *, is_cut: bool) -> Break | None:
    """What is certain of the URL `text[start:end]`, and what else it may be; None where its end is sure.

    Args:
        text: without invisible letters.
        start: where the body begins, the host first.
        end: where it was cut.
        is_cut: whether the text itself was cut at its end.

    >>> find_unsure_end("github.com/kettle-lab/whi[...]", 0, 25, is_cut=False)
    Break(end=25, known='github.com/kettle-lab', readings=('github.com/kettle-lab/whi',), step='cut_off')
    >>> find_unsure_end("github.com/kettle-lab/drip and", 0, 26, is_cut=True) is None
    True
    """
    body = text[start:end]
    behind = text[end : end + 1]
    if not is_cut and behind in _SURE_ENDS and not _DOUBTFUL.search(body, body.rfind("/")):
        return None
    known = before_last_slash(body)
    if known and (_CUT_MARK.match(text, end) or (is_cut and _LAST_STOPS.match(text, end))):
        return Break(end, known, (body,), "cut_off")
    address = _NAME_AT_END.fullmatch(body)
    if address is None or len(address["name"]) > _LONGEST_NAME:
        return None
    readings, step = _read_name(text, end, address["name"])
    owner = body[: address.start("name")]
    return Break(end, known, tuple(owner + name for name in readings), step) if readings else None


def _read_name(text: str, end: int, name: str) -> tuple[tuple[str, ...], str]:
    """The names that may be meant by one that ends at `end`, and what makes them doubtful; none where it is sure."""
    if dash := _DASH.match(text, end):
        return (f"{name}-{dash['rest'].rstrip('._-')}", name), "unicode_hyphen"
    if _ENCODED_DASH.search(name):
        return (_ENCODED_DASH.sub("-", name), _ENCODED_DASH.split(name)[0]), "unicode_hyphen"
    glued = _CAPITAL_WORD.fullmatch(name) if "." in name else None
    if glued and _SENTENCE.match(text, end):
        return (glued["first"], name), "glued_sentence"
    if name.lower().endswith("http") and len(name) > len("http") and _COLON.match(text, end):
        return (name[: -len("http")], name), "doubled_scheme"
    return ((name,), "unknown_markup") if _MARKUP.match(text, end) else ((), "")
