"""What people are shown of an explanation on a terminal, as wide as that is.

Text of dumps goes in as `Text`: in a plain string rich would take `[b]` for markup and `:kettle:` for an emoji.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from paperlake.curation.corrections import CORRECTIONS_FILE
from paperlake.explain.explanation import ExplainedPaper, Explanation
from paperlake.explain.links import Evidence, ExplainedLink, RepositoryChoice
from paperlake.explain.source_lines import Source
from paperlake.explain.text_changes import Change, Step
from paperlake.explain.values import Candidate, ExplainedValue
from paperlake.shown_text import printable, shorten, span

_LABEL_WIDTH = 16
_SHOWN_VALUE, _SHOWN_LOSER, _SHOWN_RAW, _SHOWN_CHANGE = 240, 120, 80, 60
_MOST_CHANGES, _MOST_CANDIDATES, _MOST_LINES, _MOST_OTHERS = 5, 5, 3, 20
_LEAST_SHARE = 0.005
"""Of a role: what is less is shown as 0.00, and so not at all."""
_TOLD_ELSEWHERE = (
    "paper_id",
    "title_key",
    "first_appearance_id",
    "repository",
    "repository_confidence",
    "repositories",
)
"""Values that the heading, the title or the links explain."""

Row = tuple[str, str]
Entry = tuple[str, list[Row]]
"""What is explained, and below it labels and texts."""


def print_explanation(explained: Explanation, out: Console) -> None:
    """Print, as wide as `out` is, where the values of the papers come from, then the papers that are only named."""
    _print_line(out, _opening(explained))
    for paper in explained.papers:
        _print_paper(paper, out)
    others = [(f"{one['paper_id']}  {one['title']}", [("", one["why"])]) for one in explained.others[:_MOST_OTHERS]]
    _print_entries(out, _heading_of_others(explained), others)


def _opening(explained: Explanation) -> str:
    meant = explained.asked if explained.asked_as == "title" else explained.meant
    said = f"release {explained.release}, asked for the {explained.asked_as.replace('_', ' ')} {meant}"
    if explained.is_by_installed_rules:
        return said
    rules = f"made by rules {explained.made_by_rules}, explained by rules {explained.installed_rules}"
    return f"{said}\n{rules}: steps, losing values and shares are worked out again and may differ"


def _heading_of_others(explained: Explanation) -> str:
    if not explained.papers:
        return f"{len(explained.others)} papers have this title: ask for one of them by its id"
    return f"{len(explained.others):,} more (the first {_MOST_OTHERS} by name): explain all with --papers 0"


def _print_paper(paper: ExplainedPaper, out: Console) -> None:
    out.print()
    _print_line(out, f"{paper.paper_id}  {paper.title}", style="bold")
    _print_line(out, paper.why)
    _print_entries(out, "appearances", map(_appearance, paper.appearances))
    _print_entries(out, "history", _history(paper))
    for table in ("papers", "metrics"):
        shown = [one for one in paper.values if one.table == table and one.column not in _TOLD_ELSEWHERE]
        _print_entries(out, table, map(_value, shown))
    _print_entries(out, "links", map(_link, paper.links))
    _print_entries(out, "repository", [_repository(paper.repository)])


def _appearance(row: Mapping[str, Any]) -> Entry:
    lines = span(row["line_start"], row["line_end"])
    day = f", captured {row['captured_on']} ({row['captured_from']})" if row["captured_on"] else ""
    cut = ", the dump ends inside it" if row["is_cut"] else ""
    score = f", score {row['match_score']:.1f}" if row["match_score"] is not None else ""
    partner = f", with {row['matched_with']}" if row["matched_with"] else ""
    return f"{row['dump']}:{lines}{day}{cut}", [(row["match_rule"], f"{row['appearance_id']}{partner}{score}")]


def _history(paper: ExplainedPaper) -> Iterator[Entry]:
    for row in paper.history:
        if row["event"] != "created":
            event = f"{row['event'].replace('_', ' ')} {row['other_id'] or ''}"
            yield f"{row['paper_id']} {event}", [(f"release {row['release']}", row["reason"] or "")]


def _value(value: ExplainedValue) -> Entry:
    rows = [(value.rule, _place(value.source) if value.source else value.rule_says)]
    if value.raw is not None and not _is_quoted(value):
        rows.append(("raw", _shown(value.raw)))
    rows += map(_corrected, value.corrections)
    rows += [(step.name, _changes(step)) for step in value.steps]
    rows += [("lost", _lost(candidate)) for candidate in value.candidates[:_MOST_CANDIDATES]]
    left = len(value.candidates) - _MOST_CANDIDATES
    rows += [("lost", f"and {left} more, all with --json")] if left > 0 else []
    return f"{value.column}: {_shown(value.value)}", [*rows, *(("note", note) for note in value.notes)]


def _is_quoted(value: ExplainedValue) -> bool:
    """Whether the quoted line or the value itself shows the raw value already."""
    first = str(value.raw).split("\n")[0][:_SHOWN_RAW]
    quoted = value.source.text if value.source else None
    return str(value.raw) == str(value.value) or bool(quoted and first in quoted)


def _place(source: Source) -> str:
    also = f" (also on {', '.join(map(str, source.also_on[:_MOST_LINES]))})" if source.also_on else ""
    quote = source.text and f"“{source.text}”"
    return "\n".join(filter(None, (source.place + also, quote, source.note)))


def _corrected(correction: Mapping[str, Any]) -> Row:
    before, after = _quoted(correction["from"]), _quoted(correction["to"])
    return "corrected", f"{before} -> {after}: {correction['why']} ({CORRECTIONS_FILE})"


def _changes(step: Step) -> str:
    told = [_change(one) for one in step.changes[:_MOST_CHANGES]]
    left = len(step.changes) - _MOST_CHANGES
    return "\n".join([*told, f"and {left} more, all with --json"] if left > 0 else told)


def _change(change: Change) -> str:
    before, after = (_quoted(shorten(text, _SHOWN_CHANGE)) for text in (change.before, change.after))
    return f"{before} -> {after}" + (f" ({change.n_times} times)" if change.n_times > 1 else "")


def _quoted(text: str) -> str:
    """The text in quotes as it is; only what cannot be seen is written as an escape."""
    seen = (letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return f"'{''.join(seen)}'"


def _lost(candidate: Candidate) -> str:
    places = ", ".join(source.place for source in candidate.sources[:_MOST_LINES])
    left = len(candidate.sources) - _MOST_LINES
    return f"{shorten(str(candidate.value), _SHOWN_LOSER)}\n{places}" + (f" and {left} more" if left > 0 else "")


def _link(link: ExplainedLink) -> Entry:
    row = link.row
    rows = [
        (row["found_in"], f"{_place(link.source)}\nin {row['n_appearances']} of its appearances"),
        ("raw", _shown(row["raw"])),
    ]
    rows += map(_corrected, link.corrections)
    rows += [("repairs", ", ".join(row["repairs"]))] if row["repairs"] else []
    rows += [("renamed", f"{one['old']} -> {one['new']}: {one['source']}") for one in link.aliases]
    rows += [("may mean", ", ".join(row["candidates"]))] if row["candidates"] else []
    rows.append((row["role"], f"confidence {row['confidence']:.3f}"))
    rows += [(_weight(one), f"{one.rule}: {one.says or 'a rule that is not installed'}") for one in link.evidence]
    lost = {role: share for role, share in link.roles.items() if role != row["role"] and share >= _LEAST_SHARE}
    rows += [("lost", ", ".join(f"{role} {share:.3f}" for role, share in lost.items()))] if lost else []
    return row["url"], [*rows, *(("note", note) for note in link.notes)]


def _weight(evidence: Evidence) -> str:
    return "" if evidence.weight is None else f"{evidence.weight:+.2f}".rjust(_LABEL_WIDTH)


def _repository(choice: RepositoryChoice) -> Entry:
    rows = [
        (one.role, f"{one.repository}: confidence {one.confidence:.3f}, official code {one.official:.3f}; {one.why}")
        for one in choice.candidates
    ]
    return f"{choice.repository or 'none'}: {choice.why}", rows


def _print_entries(out: Console, heading: str, entries: Iterable[Entry]) -> None:
    """Print entries below a heading; nothing at all without entries."""
    listed = list(entries)
    if not listed:
        return
    out.print()
    _print_line(out, heading, style="bold")
    for head, rows in listed:
        grid = Table.grid(Column(width=_LABEL_WIDTH), Column(overflow="fold"), padding=(0, 2, 0, 0))
        for row in rows:
            grid.add_row(*(Text(printable(text)) for text in row))
        out.print(Padding(Text(printable(head), overflow="fold"), (0, 0, 0, 2), expand=False))
        out.print(Padding(grid, (0, 0, 0, 4), expand=False))


def _print_line(out: Console, text: str, style: str = "") -> None:
    out.print(Text(printable(text), style=style, overflow="fold"))


def _shown(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else shorten(str(value), _SHOWN_VALUE)
