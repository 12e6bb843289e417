"""Bytes to text: which encoding a dump is in, and whether it is text at all."""

import codecs
import re

from charset_normalizer import from_bytes

from paperlake.errors import DumpError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; that of UTF-32 starts with that of UTF-16 and comes first."""
_UNMARKED: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
"""Which of every four bytes is mostly 0 in English text."""
_ARCHIVES = ((0, b"PK\x03\x04", "a zip archive"), (257, b"ustar", "a tar archive"), (0, b"%PDF-", "a PDF"))
"""Formats that can pass as text with a few control characters: where they say what they are, and how."""
_WEB_DEFAULT = "cp1252"
_FEW_ACCENTS = 0.01
"""Share of bytes. Below it charset-normalizer has too little to go by: of 19 English dumps in cp1252 (at most 0.07 %
accents) it took one for Chinese. Where one line in six is in another script, 7 % of the bytes and more are no ASCII."""
_ASCII = bytes(range(128))
_CONTROL = "".join(map(chr, [*range(9), *range(14, 32), 127, 0xFFFD]))
_CONTROL_PATTERN = re.compile(f"[{re.escape(_CONTROL)}]")
_MOST_DAMAGE = 0.05
_NO_TEXT = "expected text, found bytes that are none in any known encoding"
_SAMPLE = 65_536
_CONTEXT = 1_024
"""ASCII before the first accent that charset-normalizer gets: with 32,768 it took Russian for another code page."""


def decode(content: bytes, name: str) -> str:
    r"""The text of a dump; a few bad bytes show as U+FFFD, and control characters stay, where they are few.

    Decided by its byte order mark, by its NUL bytes (UTF-16 and UTF-32 without a mark), as UTF-8, else as a legacy
    encoding: Windows-1252 with few accents, with more of them what charset-normalizer finds.

    >>> decode("Kettles and tea".encode("utf-16-le"), "kettles.txt")
    'Kettles and tea'
    >>> decode(b"Kettles whistle in every caf\xc3", "cut.txt")
    'Kettles whistle in every caf�'

    Raises:
        DumpError: `not_text`.
    """
    _refuse_archive(content, name)
    encoding = _find_mark(content) or _find_unmarked(content)
    text = _decode_as(content, encoding, name) if encoding else _decode_bytewise(content, name)
    if _share_of_control(text[:_SAMPLE]) > _MOST_DAMAGE:
        raise DumpError(name, "not_text", _NO_TEXT)
    return text


def _refuse_archive(content: bytes, name: str) -> None:
    for start, magic, kind in _ARCHIVES:
        if content.startswith(magic, start):
            raise DumpError(name, "not_text", f"expected text, found {kind}: put the text that it holds in its place")


def _find_mark(content: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None)


def _find_unmarked(content: bytes) -> str | None:
    if content.find(0, 0, _SAMPLE) < 0:
        return None
    columns = [content[start:_SAMPLE:4] for start in range(4)]
    return _UNMARKED.get(tuple(2 * column.count(0) > len(column) for column in columns))


def _share_of_control(sample: str) -> float:
    # Searching for each of them is ten times as fast as the pattern, and most dumps have none.
    if not any(character in sample for character in _CONTROL):
        return 0
    return len(_CONTROL_PATTERN.findall(sample)) / len(sample)


def _decode_as(content: bytes, encoding: str, name: str) -> str:
    """The text in this encoding; `not_text` with more than a few bad bytes, which show as U+FFFD."""
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        text = content.decode(encoding, errors="replace")
        if text.count("\ufffd") <= _MOST_DAMAGE * len(text):
            return text
        detail = f"expected {encoding} text, found other bytes at {error.start:,}"
        raise DumpError(name, "not_text", detail) from error


def _decode_bytewise(content: bytes, name: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":  # all before is UTF-8: a capture cut inside its last character
            return content.decode(errors="replace")
        return _decode_damaged(content) or _decode_legacy(content, error.start, name)


def _decode_damaged(content: bytes) -> str | None:
    """UTF-8 with a few bad bytes, each shown as U+FFFD. None for others.

    Text of a legacy encoding hardly ever holds a valid sequence of two bytes and more.
    """
    text = content.decode(errors="replace")
    n_bad = text.count("\ufffd")
    n_good = len(text) - len(text.encode("ascii", errors="ignore")) - n_bad
    return text if n_good > n_bad else None


def _decode_legacy(content: bytes, n_good: int, name: str) -> str:
    """Text in a legacy encoding, whose first `n_good` bytes are UTF-8 too and tell little."""
    n_accents = len(content.translate(None, delete=_ASCII))
    is_english = n_accents < _FEW_ACCENTS * len(content)
    start = max(0, n_good - _CONTEXT)
    encoding = _WEB_DEFAULT if is_english else _guess_encoding(content[start : start + _SAMPLE])
    if encoding is None:
        raise DumpError(name, "not_text", _NO_TEXT)
    return _decode_as(content, encoding, name)


def _guess_encoding(sample: bytes) -> str | None:
    """The likeliest legacy encoding; of equally clean ones the web's default, which a few accents cannot tell apart."""
    matches = list(from_bytes(sample))
    clean = [match for match in matches if match.chaos <= matches[0].chaos]
    western = [_WEB_DEFAULT for match in clean if _WEB_DEFAULT in match.could_be_from_charset]
    return next(iter([*western, *(match.encoding for match in matches)]), None)
