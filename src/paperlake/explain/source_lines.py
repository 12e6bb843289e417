"""Where a value stands: dump, lines, and the text there, as far as the dump's file is still what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from paperlake.dump_lines import read_lines
from paperlake.dumps import describe_dump
from paperlake.errors import DumpError, SettingsError
from paperlake.explain.value_search import URL_COLUMNS, Hit, find_value
from paperlake.links.credentials import mask_credentials
from paperlake.settings import Settings

_SHOWN_BEFORE, _SHOWN = 40, 120
_MASK_REACH = 2_000
"""Letters around a quotation in which secrets are looked for: where a URL begins decides what is one."""
_MASKED = "***"
_NOT_WRITTEN = "the page does not write it so: its layout put it together, or counted it"
_OUTSIDE = "it stands outside of the record's own lines"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value stands, as exactly as can be told.

    Attributes:
        appearance_id: the appearance that shows it.
        dump: path of the dump below the raw folder.
        line_start: first line of the appearance, from 1.
        line_end: its last line, inclusive.
        line: the line of the value, of a wrapped one the first; None where it cannot be told.
        also_on: other lines that show it equally well.
        text: what stands on that line, cut around the value, secrets masked.
        note: why there is no line, or what is odd about it.
    """

    appearance_id: str
    dump: str
    line_start: int
    line_end: int
    line: int | None = None
    also_on: tuple[int, ...] = ()
    text: str | None = None
    note: str | None = None

    @property
    def place(self) -> str:
        """`path:line`, or `path:first-last` where only the record's lines are known.

        >>> Source("0123456789abcdef:1", "kettles.txt", 3, 9).place
        'kettles.txt:3-9'
        """
        block = str(self.line_start) if self.line_start == self.line_end else f"{self.line_start}-{self.line_end}"
        return f"{self.dump}:{self.line or block}"


class SourceLines:
    """The lines of dumps, each file read once, and only when somebody asks for one of its values."""

    def __init__(self, settings: Settings) -> None:
        self._read = cache(lambda path, dump_id: _read_dump(settings, path, dump_id))
        self._anchors: dict[str, Hit | None] = {}

    def locate(self, appearance: Mapping[str, Any], column: str = "", value: object = None) -> Source:
        """Where a value of an appearance stands; without a value, where the appearance does.

        Args:
            appearance: row of the table `appearances`, with the `path` of its dump.
            column: of that table, or `link`.
            value: as read.
        """
        start, end = appearance["line_start"], appearance["line_end"]
        source = Source(appearance["appearance_id"], appearance["path"], start, end)
        if value is None:
            return source
        lines, fault = self._read(appearance["path"], appearance["dump_id"])
        if fault:
            return replace(source, note=fault)
        hits = self._find(appearance, lines[start - 1 : end], column, value)
        if hits:
            return _at(source, lines, [hit._replace(line=hit.line + start - 1) for hit in hits])
        beyond = find_value(lines, column, value) if column in (*URL_COLUMNS, "arxiv_id") else []
        return replace(_at(source, lines, beyond[:1]), note=_OUTSIDE if beyond else _NOT_WRITTEN)

    def _find(self, appearance: Mapping[str, Any], block: Sequence[str], column: str, value: object) -> list[Hit]:
        lines = [mask_credentials(line) for line in block] if _MASKED in str(value) else block
        if column == "title_raw":
            return find_value(lines, column, value)
        key = appearance["appearance_id"]
        if key not in self._anchors:
            self._anchors[key] = next(iter(find_value(block, "title_raw", appearance["title_raw"])), None)
        return find_value(lines, column, value, self._anchors[key])


def _read_dump(settings: Settings, path: str, dump_id: str) -> tuple[list[str], str | None]:
    """The lines of a dump, or why there are none."""
    file = settings.raw / path
    if not file.is_file():
        return [], f"{path} is not in {settings.raw}: no line can be quoted"
    try:
        raw, dump = describe_dump(file, settings)
        if dump.dump_id != dump_id:
            return [], f"{path} in {settings.raw} has other bytes than the dump that was read: no line can be quoted"
        return read_lines(raw / dump.path, path, settings), None
    except (DumpError, SettingsError) as error:
        return [], f"{path} cannot be read: {error}"


def _at(source: Source, lines: Sequence[str], hits: Sequence[Hit]) -> Source:
    if not hits:
        return source
    first, *others = hits
    return replace(
        source,
        line=first.line + 1,
        also_on=tuple(hit.line + 1 for hit in others),
        text=_quote(lines[first.line], first),
    )


def _quote(line: str, hit: Hit) -> str:
    """The line, cut around the value where it is long; secrets are masked before it is cut."""
    left = 0 if hit.end <= _SHOWN else max(0, hit.start - _SHOWN_BEFORE)
    begin = max(0, left - _MASK_REACH)
    masked = mask_credentials(line[begin : left + _SHOWN + _MASK_REACH])
    cut = masked[left - begin : left - begin + _SHOWN]
    return ("…" if left else "") + cut.strip() + ("…" if len(line) > left + _SHOWN else "")
