r"""Text with its LaTeX carried out, and what listing pages leave behind when they strip it badly.

Each function makes one pass; who uses them repeats them until nested groups are done.
Only certain repairs: an unknown command, a subscript or a lone brace stays as it is, for `abstract_flags` to name.
"""

import re
import unicodedata
from functools import cache, partial

from pylatexenc.latex2text import get_default_latex_context_db

from paperlake.text.prose_parts import outside_addresses
from paperlake.text.steps import Step

_MARKS = {"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304", ".": "\u0307"}
_MARKS |= {"u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323"}
# Patterns begin with their literal and look behind it: Python then skips to the literal.
_ACCENT = re.compile(
    r"""\\(?:(?P<sign>[`'^~"=.])\s*|(?P<letter>[uvHckrd])(?:\s+|(?=[{\\])))"""
    r"""(?:\{\s*(?P<group>\\[ij]|[^\W\d_])\s*\}|(?P<bare>\\[ij](?:\s+|(?![A-Za-z]))|[^\W\d_]))"""
)
_LONE_LETTER = re.compile(r"\{([À-ɏ])\}")  # of {\'e}
# Dumps that went through a string literal write don\'t and \"word\"; read as accents they become "don't" with an
# acute and "wörd" with a lost mark.
_ESCAPED_APOSTROPHE = re.compile(r"\\'(?:(?<=[A-Za-z]\\')(?=(?:s|t|d|m|re|ve|ll)(?![A-Za-z]))|(?=[^A-Za-z{]|$))")
_ESCAPED_QUOTES = re.compile(r'\\"(?<![A-Za-z]\\")([^"\\{}]{2,80}?)\\"(?![A-Za-z{\\])')

_ONE_GROUP = (
    r"text(?:bf|it|tt|sc|sf|rm|sl|up|md|normal|subscript)?|emph|underline|uline|url|nolinkurl|mbox|hbox|"
    r"math(?:cal|bb|bf|rm|sf|it|tt|frak|scr|op)|boldsymbol|bm|operatorname|ensuremath|ac[slp]?"
)
_LAST_OF_TWO = r"textcolor|colorbox|href|texorpdfstring"
_COMMAND = re.compile(
    rf"\\(?:(?:{_ONE_GROUP})|(?:{_LAST_OF_TWO})\s*(?:\[[^\[\]]*\])?\s*\{{[^{{}}]*\}})\*?\s*\{{([^{{}}]*)\}}"
)
_SIZE_GROUP = re.compile(
    r"\{\s*(?:\\(?:bf|it|em|tt|sc|rm|sf|sl|tiny|small|large|Large|huge)(?![A-Za-z])"
    r"|\\?(?:scriptsize|footnotesize|normalsize|bfseries|itshape|ttfamily|scshape|sffamily)\b)\s*([^{}]*)\}"
)
_NAMED = re.compile(r"\\[A-Za-z]")
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\footnote\s*\{([^{}]*)\}"), r" (\1)"),
    (re.compile(r"\\color\s*(?:\[[^\[\]]*\])?\s*\{[^{}]*\}"), ""),
    (re.compile(r"\\textsuperscript\s*\{([^{}]*)\}"), r"^{\1}"),
    (re.compile(r"\\[dt]?frac\s*\{([^{}\s]*)\}\s*\{([^{}\s]*)\}"), r"\1/\2"),
    (re.compile(r"\\sqrt\s*\{(\w+)\}"), r"√\1"),
    (re.compile(r"\\etal(?![A-Za-z])\.?(?:\{\})?"), "et al."),
    (re.compile(r"\\ie(?![A-Za-z])\.?(?:\{\})?"), "i.e."),
    (re.compile(r"\\eg(?![A-Za-z])\.?(?:\{\})?"), "e.g."),
    (re.compile(r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|xspace|limits|noindent)(?![A-Za-z])(?:\{\})?"), ""),
    (re.compile(r"\\(La)?TeX(?![A-Za-z])(?:\{\})?"), r"\1TeX"),
)
_SPACING: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\\[-!/]"), ""),
    (re.compile(r"\\\\(?=\s|$)|\\[,;: ]|\\$"), " "),
)
_DEGREES = re.compile(r"\^(?:\\circ(?![A-Za-z])|\{\s*\\circ\s*\})")
_LETTER_NAMES = "ss|ae|AE|oe|OE|aa|AA|o|O|l|L"
_LETTER = re.compile(rf"\\({_LETTER_NAMES})(?:\{{\}}|\s+(?=\w)|(?![A-Za-z]))")
_SYMBOL = re.compile(r"\\([A-Za-z]+)(?:\{\})?")
_ESCAPE = re.compile(r"\\([%&_#${}])")
_FORMULA = re.compile(r"\$(?<![\\$]\$)([^$\s](?:[^$]{0,198}[^$\s\\])?)\$(?!\d)")
_SUPERSCRIPT = re.compile(r"\^(?<=[\w)\]}’']\^)(?:\{(\d+)\}|(\d+)(?![.,]?\d))")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FLAT_HREF = re.compile(r"\{(?<!://\{)(?<!www\.\{)(?<!\}\{)[^{}]*\}?(?=[.,;:)]*$)")


def compose_accents(text: str) -> str:
    r"""The text with accent commands as accented letters; where no such letter exists, as it was.

    >>> compose_accents(r"Erd\H{o}s, dise\~nados, {\'e}t\'e, na\"{\i}ve")
    'Erdős, diseñados, été, naïve'
    >>> compose_accents(r"It\'s \"hot\" in M\"unchen")
    'It\'s "hot" in München'
    """
    return outside_addresses(text, _compose_accents) if "\\" in text else text


def open_formulas(text: str) -> str:
    r"""The text without the dollars of formulas; prices and shell variables keep theirs.

    >>> open_formulas(r"H$\cdot$Z in $O(n)$ for $5 or $10")
    'H·Z in O(n) for $5 or $10'
    """
    if "\\circ" in text:
        text = _DEGREES.sub("°", text)
    return _FORMULA.sub(_open_formula, text) if "$" in text else text


def run_commands(text: str) -> str:
    r"""The text with commands around a group replaced by the group's words.

    >>> run_commands(r"\textcolor[rgb]{1,0,0}{Red} Tea, {scriptsize Small} Tea \etal")
    'Red Tea, Small Tea et al.'
    """
    if "{" in text:
        text = _SIZE_GROUP.sub(r"\1", text)
    if "\\" in text and _NAMED.search(text):
        for pattern, words in _REWRITES:
            text = pattern.sub(words, text)
        text = _COMMAND.sub(r"\1", text)
    return text


def clean_addresses(text: str) -> str:
    r"""The text, its addresses without escapes, cut where a flattened \href{address}{label} left its label in braces.

    >>> clean_addresses(r"At https://a.example/my\_tea/{http://b.example}.")
    'At https://a.example/my_tea/.'
    """
    return outside_addresses(text, str, _clean_address) if "\\" in text or "{" in text else text


def name_symbols(text: str) -> str:
    r"""The text with spacing commands as blanks, and commands that stand for one sign as this sign.

    >>> name_symbols(r"a\,\times\;b is auto\-mated")
    'a × b is automated'
    """
    return outside_addresses(text, _name_symbols) if "\\" in text else text


def drop_escapes(text: str) -> str:
    r"""The text with escaped signs bare.

    >>> drop_escapes(r"Tea \& Toast at 5\%")
    'Tea & Toast at 5%'
    """
    return outside_addresses(text, partial(_ESCAPE.sub, r"\1")) if "\\" in text else text


def raise_digits(text: str) -> str:
    """The text with `^3` and `^{3}` as ³; letters, negatives and decimals stay.

    >>> raise_digits("M^3Tea, 2^{12} and 10^-3, x^2.5, pass^k")
    'M³Tea, 2¹² and 10^-3, x^2.5, pass^k'
    """
    return outside_addresses(text, partial(_SUPERSCRIPT.sub, _raise)) if "^" in text else text


LATEX_STEPS = (
    Step("accents", compose_accents),
    Step("formulas", open_formulas),
    Step("commands", run_commands),
    Step("addresses", clean_addresses),
    Step("symbols", name_symbols),
    Step("escapes", drop_escapes),
    Step("superscripts", raise_digits),
)
"""What carries LaTeX out, in order."""
LATEX_HINT = r"[\\$^]|\{\S*(?:size|series|shape|family)|(?:://|www\.|\.(?:com|org|co)/)\S*\{"
"""Matches wherever a step may change something (Rust syntax)."""


def _compose_accents(text: str) -> str:
    text = _LETTER.sub(lambda found: _symbols().get(found[1], found[0]), text)
    text = _ESCAPED_QUOTES.sub(r'"\1"', _ESCAPED_APOSTROPHE.sub("'", text))
    return _LONE_LETTER.sub(r"\1", _ACCENT.sub(_compose, text))


def _clean_address(text: str) -> str:
    text = re.sub(r"\\(?:~|textasciitilde|sim)(?:\{\})?", "~", text)
    return _FLAT_HREF.sub("", re.sub(r"\\([%&_#$])", r"\1", text))


def _name_symbols(text: str) -> str:
    for pattern, blank in _SPACING:
        text = pattern.sub(blank, text)
    return _run_symbols(text)


def _raise(found: re.Match[str]) -> str:
    return (found[1] or found[2]).translate(_SUPERSCRIPTS)


def _open_formula(found: re.Match[str]) -> str:
    """What stands between two dollars, where that is a formula and not two prices or two shell variables."""
    inside, around = found[1], found.string[max(found.start() - 1, 0) : found.start()] + found.string[found.end() :][:1]
    marked = re.search(r"[\\^_=<>{}+]", inside)
    free = not re.search(r"\w", around) or len(inside) == 1
    if not (marked and not re.match(r"\d[\d.,]*\s", inside)) and not (free and not re.search(r"\s", inside)):
        return found[0]
    # Commands go before the dollars do: `$\cdot$Z` would become the unknown command `\cdotZ` and lose its Z.
    inside = _run_symbols(inside)
    return f"{inside} " if re.search(r"\\[A-Za-z]+$", inside) else inside


def _run_symbols(text: str) -> str:
    return _SYMBOL.sub(lambda found: _symbols().get(found[1], found[0]), text)


def _compose(found: re.Match[str]) -> str:
    base = (found["group"] or found["bare"]).strip("\\ ")
    letter = unicodedata.normalize("NFC", base + _MARKS[found["sign"] or found["letter"]])
    return letter if len(letter) == 1 else found[0]


@cache
def _symbols() -> dict[str, str]:
    """Unicode by command name, from pylatexenc's table; only plain signs, never a template or a piece of syntax."""
    macros = get_default_latex_context_db().iter_macro_specs()  # type: ignore[no-untyped-call]
    plain = ((macro.macroname, macro.simplify_repl) for macro in macros)
    return {
        name: sign for name, sign in plain if isinstance(sign, str) and sign and not re.search(r"[%<\\$^{}~]", sign)
    }
