"""Mojibake: text that was read in the wrong encoding, such as `cafÃ©`, and its repair by ftfy."""

import re

from paperlake.text.prose_parts import outside_addresses

# The first byte of a UTF-8 sequence and one that goes on, as Latin-1, Windows-1250, -1251 and -1252, Mac Roman and DOS
# show them. Only a gate: ftfy decides.
_FIRST = "\u00c2-\u00f4\u0102\u0139"
_NEXT = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ\ufffd"
MOJIBAKE_HINT = rf"[{_FIRST}][{_NEXT}]|Ã |[\u0080-\u009f]|‚Ä|√[^\d\s(]|вЂ|Г[©¨¤¶јЎ±]|ΓÇ|├"
"""Matches wherever `mend_mojibake` may change something."""
DAMAGE = (
    r"\ufffd|â€|â„¢|[ÂÃ][\u0080-\u009f\u00a1-\u00bf]|[\u0080-\u009f]|Î[\u00b1-\u00be]|Ï€|Ð[\u00b0-\u00bf]|Ñ[€‚ƒ„]"
    r"|вЂ|ΓÇ|‚Ä[ôúù]"
)
"""Matches what no sound text holds: damage that was not mended."""

# The gate again for one text, for Python's engine: two signs beyond ASCII side by side, and what became of a pair.
_PAIR = re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]|(?<=Ã) |(?<=[\x80-\x9f])|(?<=√))")
_HINT = re.compile(MOJIBAKE_HINT)
# A quoted letter, as in “Ã”, has the form of a broken one.
_QUOTED_LETTER = re.compile(r"([“‘«„]\w[”’»“])")


def mend_mojibake(text: str) -> str:
    """The text as its writer saw it; sound text of any language, quotes and web addresses stay.

    >>> mend_mojibake("The cookâ€™s cafÃ©: crème brûlée, Nguyễn’s phở")
    'The cook’s café: crème brûlée, Nguyễn’s phở'
    """
    # Without the hint ftfy still takes a closing quote and the letter glued to it, ”É, for a letter of Mac Roman.
    if text.isascii() or not _PAIR.search(text) or not _HINT.search(text):
        return text
    return outside_addresses(text, _mend)


def _mend(text: str) -> str:
    from ftfy import fix_encoding  # takes 60 ms to import, and few dumps need it

    parts = _QUOTED_LETTER.split(text)
    return "".join(part if i % 2 else fix_encoding(part) for i, part in enumerate(parts))
