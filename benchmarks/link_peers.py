"""How paperlake's link engine compares with packages of the index: how right it is, and what it costs.

The peers are a URL finder (linkify-it-py, urlextract) with a parser of git URLs (giturlparse) behind it; they are never
a dependency: they live in `.venv-peers`, and `benchmarks/peers/find_urls.py` runs there. Every engine reads the same
texts twice: all of them, and only those that pass the substring gate that the pipeline puts first, whose cost counts.

What the figures cannot say: the table of cases was written beside paperlake's rules, so it shows what the peers do with
hard texts, not how often such texts occur; the invented abstracts are easy. `PAPERLAKE_REAL_DUMPS`, a folder with
`dumps/seeds` and `gold/seeds`, adds real lines.

    make bench-peers
    python -m benchmarks.link_peers --texts 5000
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import Console
from rich.table import Table

from benchmarks.history import record
from benchmarks.link_texts import LabelledText, invent_texts, read_cases, read_labelled_lines
from benchmarks.read_layouts import best_cpu_seconds
from paperlake.links.finding import LINK_HINT, find_links

SCRIPT = Path(__file__).parent / "peers" / "find_urls.py"
PEERS = Path(__file__).parents[1] / ".venv-peers" / "bin" / "python"
FINDERS = ("linkify-it-py", "urlextract")
OURS = "paperlake"
N_RUNS = 5
SEED = 7
_HEADINGS = ("engine", "gate", "repository\nP and R", "invented", "URL\nP and R", "µs CPU\na text", "times")

Found = list[list[tuple[str, str | None]]]
"""Per text the URL of each link and the repository it names, as written."""
Engine = Callable[[list[str]], tuple[Found, float]]
"""What it finds in each text, and the CPU seconds of its fastest run."""


@dataclass(frozen=True, slots=True)
class Score:
    """How many things are in the truth, were found, and were found and true."""

    n_true: int
    n_found: int
    n_right: int

    @property
    def precision(self) -> float:
        """Share of what was found that is true; 1 where nothing was found."""
        return self.n_right / self.n_found if self.n_found else 1.0

    @property
    def recall(self) -> float:
        """Share of the truth that was found; 1 where there is none."""
        return self.n_right / self.n_true if self.n_true else 1.0

    @property
    def n_invented(self) -> int:
        """How many were found that are not in the truth: invented or mangled."""
        return self.n_found - self.n_right


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one engine over one set of texts."""

    texts: str
    engine: str
    is_gated: bool
    repositories: Score
    urls: Score
    microseconds: float
    """CPU per text of the set, with the gate where there is one."""


def score(found: Sequence[frozenset[str]], truth: Sequence[frozenset[str]]) -> Score:
    """The score of what was found in each text against what is there; the same thing twice in a text counts once."""
    both = list(zip(found, truth, strict=True))
    return Score(sum(map(len, truth)), sum(map(len, found)), sum(len(here & there) for here, there in both))


def score_links(found: Found, labelled: Sequence[LabelledText]) -> tuple[Score, Score]:
    """The score of the repositories, in lower case, and of the URLs, letter by letter."""
    repositories = [frozenset(repository.lower() for _, repository in links if repository) for links in found]
    urls = [frozenset(url for url, _ in links) for links in found]
    return score(repositories, [text.repositories for text in labelled]), score(urls, [text.urls for text in labelled])


def find_with_paperlake(texts: list[str]) -> tuple[Found, float]:
    """Engine: the project's own."""
    found: Found = [[(link.url, link.repository) for link in find_links(text)] for text in texts]
    return found, best_cpu_seconds(lambda: [find_links(text) for text in texts], N_RUNS)


def find_with_peer(python: Path, finder: str, texts: list[str]) -> tuple[Found, float]:
    """Engine: a finder of the peers' environment, whose interpreter is `python`, and giturlparse."""
    order = json.dumps({"finder": finder, "texts": texts, "n_runs": N_RUNS})
    done = subprocess.run([python, SCRIPT], input=order, stdout=subprocess.PIPE, check=True, text=True)
    answer = json.loads(done.stdout)
    return [[(url, repository) for url, repository in links] for links in answer["found"]], answer["cpu_seconds"]


def find_behind_gate(engine: Engine, texts: list[str]) -> tuple[Found, float]:
    """What an engine finds in the texts that hold a mark of a link, and the CPU seconds of gate and engine."""
    column = pl.Series(texts, dtype=pl.String)
    passes = column.str.contains(LINK_HINT).to_list()
    gate = best_cpu_seconds(lambda: column.filter(column.str.contains(LINK_HINT)).to_list(), N_RUNS)
    found, seconds = engine([text for text, is_passed in zip(texts, passes, strict=True) if is_passed])
    rest = iter(found)
    return [next(rest) if is_passed else [] for is_passed in passes], gate + seconds


def compare(name: str, labelled: Sequence[LabelledText], engines: dict[str, Engine]) -> list[Row]:
    """Two rows an engine over one set of texts: behind the gate, and without it."""
    texts = [entry.text for entry in labelled]
    rows = []
    for engine_name, engine in engines.items():
        gated, plain = find_behind_gate(engine, texts), engine(texts)
        rows.append(Row(name, engine_name, True, *score_links(gated[0], labelled), 1e6 * gated[1] / len(texts)))
        rows.append(Row(name, engine_name, False, *score_links(plain[0], labelled), 1e6 * plain[1] / len(texts)))
    return rows


def times_ours(row: Row, rows: Sequence[Row]) -> float:
    """What the row costs as a multiple of paperlake over the same texts, both gated or both not."""
    wanted = (row.texts, OURS, row.is_gated)
    return row.microseconds / next(r.microseconds for r in rows if (r.texts, r.engine, r.is_gated) == wanted)


def show(rows: Sequence[Row], console: Console) -> None:
    """Print one table a set of texts: precision (P) and recall (R) in per cent, counts, and CPU."""
    for name in dict.fromkeys(row.texts for row in rows):
        here = [row for row in rows if row.texts == name]
        n_repositories, n_urls = here[0].repositories.n_true, here[0].urls.n_true
        table = Table(*_HEADINGS, title=f"{name}: {n_repositories} repositories, {n_urls} URLs")
        for row in here:
            shares = [f"{100 * one.precision:.1f} {100 * one.recall:.1f}" for one in (row.repositories, row.urls)]
            cost = (f"{row.microseconds:.0f}", f"{times_ours(row, rows):.1f}")
            invented = str(row.repositories.n_invented)
            table.add_row(row.engine, "yes" if row.is_gated else "no", shares[0], invented, shares[1], *cost)
        console.print(table)
    console.print("peers: the finder with giturlparse behind it")


def read_sets(n_texts: int) -> dict[str, list[LabelledText]]:
    """The sets of texts by name; the real lines only where `PAPERLAKE_REAL_DUMPS` names their folder."""
    sets = {"table of cases": read_cases(), "invented abstracts": invent_texts(n_texts, SEED)}
    real_dumps = os.environ.get("PAPERLAKE_REAL_DUMPS")
    return sets | ({"real lines": read_labelled_lines(Path(real_dumps))} if real_dumps else {})


def main(arguments: Sequence[str]) -> None:
    """Compare the engines; print the figures and record them in results/link_peers.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=1_000, help="invented abstracts")
    parser.add_argument("--python", type=Path, default=PEERS, help="interpreter of the peers' environment")
    asked = parser.parse_args(arguments)
    if not asked.python.exists():
        sys.exit(f"no interpreter of the peers at {asked.python}; `make bench-peers` makes their environment")
    engines: dict[str, Engine] = {OURS: find_with_paperlake}
    engines |= {finder: partial(find_with_peer, asked.python, finder) for finder in FINDERS}
    rows = [row for name, texts in read_sets(asked.texts).items() for row in compare(name, texts, engines)]
    show(rows, Console())
    facts: dict[str, list[dict[str, Any]]] = {row.texts: [] for row in rows}
    for row in rows:
        facts[row.texts].append(asdict(row) | {"times_paperlake": times_ours(row, rows)})
    record("link_peers", facts)


if __name__ == "__main__":
    main(sys.argv[1:])
