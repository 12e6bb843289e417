"""What a reader sees of a text: without invisible letters, and with full-width addresses in plain letters."""

import re
from collections.abc import Sequence

# Source: Unicode's format characters that pages and PDFs leave inside addresses: soft hyphens, joiners, directions.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff"
WIDE_MARKS = "！-～"
"""Source: Unicode's full-width forms of ASCII; a range for a character class."""
_HIDDEN = re.compile(f"[{INVISIBLE}]")

_TO_PLAIN = {wide: wide - 0xFEE0 for wide in range(ord("！"), ord("～") + 1)}
# A whole address in wide letters, or a wide mark in the middle of a plain one. Other wide marks are Chinese sentences'.
_WIDE = re.compile(
    r"(?<=[a-z])：(?=[/／])|(?<=[a-z\d:：/／])／(?=[a-z\d/／])|(?<=[a-z\d])．(?=[a-z\d])|"
    r"[０-９Ａ-Ｚａ-ｚ．：／－＿％＃？＝＆＠～＋]{3,}",
    re.IGNORECASE,
)
_WIDE_MARK = re.compile(f"[{WIDE_MARKS}]")
_SENTENCE_ENDS = "．：？"


def see(text: str) -> tuple[str, Sequence[int]]:
    r"""The text without invisible letters, and where each letter of it stands in `text`.

    >>> see("so\u200bck")
    ('sock', [0, 1, 3, 4])
    """
    if text.isascii() or not _HIDDEN.search(text):
        return text, range(len(text))
    return _HIDDEN.sub("", text), [at for at, letter in enumerate(text) if letter not in INVISIBLE]


def fold_addresses(text: str) -> str:
    """The text, letter for letter, with full-width addresses in plain letters; other full-width marks stay.

    >>> fold_addresses("代码：ｇｉｔｈｕｂ．ｃｏｍ／ｋｅｔｔｌｅ／ｄｒｉｐ，ＡＢＣ。")
    '代码：github.com/kettle/drip，ＡＢＣ。'
    """
    return text if text.isascii() or not _WIDE_MARK.search(text) else _WIDE.sub(_fold_address, text)


def fold_everything(text: str) -> str:
    """The text, letter for letter, with every full-width letter and mark in its plain form.

    >>> fold_everything("（ａ＠ｂ）")
    '(a@b)'
    """
    return text if text.isascii() else text.translate(_TO_PLAIN)


def _fold_address(found: re.Match[str]) -> str:
    run = found[0]
    if run in "：／．":
        return run.translate(_TO_PLAIN)
    address = run.strip(_SENTENCE_ENDS)
    is_address = "／" in address and ("．" in address or "：" in address)
    return run.replace(address, address.translate(_TO_PLAIN)) if is_address else run
