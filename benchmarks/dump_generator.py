"""Invented dumps of any size whose papers are known, to measure speed and accuracy.

    python benchmarks/dump_generator.py --records 100000 --seed 7 OUT

About a quarter of the records repeat a paper of an earlier dump, half of these spelled in another way. Near misses
(V2 beside V3, Part 1 beside Part 2) are different papers. The same arguments give the same bytes.
"""

import argparse
import datetime as dt
import re
import time
import tomllib
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

BATCH = 10_000
REPEAT_SHARE = 0.25
RESPELLED_SHARE = 0.50
NAMED_SHARE = 0.65
SIBLING_SHARE = 0.03
LINK_SHARE = 0.20
LEFTOVER_SHARE = 0.10
REVISED_SHARE = 0.10

WORDS: dict[str, Any] = tomllib.loads(Path(__file__).with_name("dump_words.toml").read_text(encoding="utf-8"))
NOUNS, ADJECTIVES, GERUNDS, VERBS, SUFFIXES, GROUPS = (
    WORDS[name].split() for name in ("nouns", "adjectives", "gerunds", "verbs", "suffixes", "groups")
)

LATEX_ACCENTS = str.maketrans({"é": "\\'{e}", "è": "\\`{e}", "ç": "\\c{c}", "ï": '\\"{\\i}'})
Words = npt.NDArray[Any]
Record = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """Which paper each record is: entry i of every field belongs to record i, in order of dumps and positions."""

    dump: list[str]
    position: list[int]
    paper: list[int]
    noise: list[str]

    def to_frame(self) -> pl.DataFrame:
        """A frame of `dump` (file name), `position` (from 1), `paper` and `noise` (how the record was changed)."""
        columns = {"dump": self.dump, "position": self.position, "paper": self.paper, "noise": self.noise}
        return pl.DataFrame(columns, schema_overrides={"position": pl.Int32, "paper": pl.Int32})


def _function_word(title: str) -> str:
    return re.sub(r"(?<= )(?:for|with|in|of|and|the|under|without)(?= )", lambda m: m[0].capitalize(), title, count=1)


NOISE: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("latex_escape", lambda title: title.replace("&", "\\&")),
    ("superscript", lambda title: title.translate({ord("³"): "^3", ord("²"): "^{2}"})),
    ("accent", lambda title: title.translate(LATEX_ACCENTS)),
    ("hyphen", lambda title: title.replace("-", " ", 1)),
    ("blank_before_colon", lambda title: title.replace(":", " :", 1)),
    ("function_word_case", _function_word),
)


def vocabulary() -> dict[str, Words]:
    """Word lists by slot letter; common words first, and behind the nouns some 18,000 compounds of them."""
    plain = [word for word in NOUNS if word.isascii()]
    compounds = [first + second for first in plain for second in plain if first != second]
    order = np.random.default_rng(0).permutation(len(compounds))
    nouns = [*NOUNS, *(compounds[i] for i in order)]
    percentages = [f"{tenth / 10:.1f}" for tenth in range(21, 930)]
    lists = {"n": nouns, "a": ADJECTIVES, "v": VERBS, "G": GERUNDS, "k": [str(k) for k in range(12, 900)]}
    lists |= {"p": percentages, "N": [noun.title() for noun in nouns], "A": [word.title() for word in ADJECTIVES]}
    return {slot: np.array(words, dtype=object) for slot, words in lists.items()}


def _draw(words: Words, n: int, rng: np.random.Generator) -> list[str]:
    # Zipf's law with a flat head: rank r is drawn about as often as 1 / (r + 40).
    size = len(words)
    ranks = 40.0 * ((size + 40) / 40) ** rng.random(n) - 40
    return words[np.minimum(ranks.astype(np.int64), size - 1)].tolist()  # type: ignore[no-any-return]


def fill(frames: Sequence[str], n: int, words: dict[str, Words], rng: np.random.Generator) -> Words:
    """`n` sentences from frames whose slots are filled in bulk; slots without a word list, such as {S}, stay."""
    choice = rng.integers(len(frames), size=n)
    sentences = np.empty(n, dtype=object)
    for number, frame in enumerate(frames):
        (where,) = np.nonzero(choice == number)
        slots = [slot for slot in re.findall(r"\{(\w)\}", frame) if slot in words]
        pattern = re.sub(r"\{([^\WS])\}", "%s", frame.replace("%", "%%"))
        columns = [_draw(words[slot], len(where), rng) for slot in slots]
        sentences[where] = np.array([pattern % row for row in zip(*columns, strict=True)], dtype=object)
    return sentences


def _names(n: int, rng: np.random.Generator) -> list[str]:
    heads, tails = rng.integers(len(NOUNS) - 20, size=n), rng.integers(len(SUFFIXES), size=n)
    marks = rng.choice(["", "³", "²", "-XL"], size=n, p=[0.74, 0.12, 0.08, 0.06])
    return [NOUNS[h].title() + SUFFIXES[t] + m for h, t, m in zip(heads, tails, marks, strict=True)]


def _make_siblings(titles: list[str], names: list[str], rng: np.random.Generator) -> None:
    """Nothing; turns some neighbours in `titles` into near misses that differ by a number only."""
    for i in np.flatnonzero(rng.random(len(titles) // 2) < SIBLING_SHARE) * 2:
        title = titles[i]
        pairs = [(f"{title}, Part 1", f"{title}, Part 2"), (f"{title} I", f"{title} II")]
        if ": " in title:
            pairs.append((title.replace(": ", " V2: ", 1), title.replace(": ", " V3: ", 1)))
        titles[i], titles[i + 1] = pairs[rng.integers(len(pairs))]
        names[i + 1] = names[i]


def _make_unique(titles: list[str], seen: set[int]) -> None:
    for i, title in enumerate(titles):
        while (key := zlib.crc32(title.casefold().encode())) in seen:
            title = f"{title} after {len(seen)} Winters"  # noqa: PLW2901  # until it is new
        seen.add(key)
        titles[i] = title


def _link(name: str, form: int, group: int) -> str:
    slug = re.sub(r"[^a-z-]", "", name.lower())
    owner = f"{slug[:5]}-{GROUPS[group]}"
    return str(WORDS["links"][form]).format(r=f"{owner}/{slug}", o=owner, s=slug)


def _abstracts(names: list[str], words: dict[str, Words], rng: np.random.Generator) -> list[str]:
    n = len(names)
    counts = rng.integers(3, 14, size=n)
    ends = np.cumsum(counts)
    sizes = {"openings": n, "introductions": n, "sentences": int(ends[-1])}
    openings, introductions, sentences = (fill(WORDS[k], size, words, rng).tolist() for k, size in sizes.items())
    has_link, has_leftover = rng.random(n) < LINK_SHARE, rng.random(n) < LEFTOVER_SHARE
    forms, groups = rng.integers(len(WORDS["links"]), size=n), rng.integers(len(GROUPS), size=n)
    abstracts = []
    for i, name in enumerate(names):
        parts = [openings[i], introductions[i].replace("{S}", name), *sentences[ends[i] - counts[i] : ends[i]]]
        if has_leftover[i]:
            parts.insert(2, WORDS["leftovers"][(i + counts[i]) % len(WORDS["leftovers"])])
        while sum(map(len, parts)) > 1_680:  # leaves room for blanks and a link below the page's 1,920
            parts.pop()
        if has_link[i]:
            parts.append(_link(name, forms[i], groups[i]))
        abstracts.append(" ".join(parts))
    return abstracts


def invent_papers(n_papers: int, seed: int) -> Iterator[Record]:
    """Title and abstract of each paper in turn; all titles differ."""
    words, seen = vocabulary(), set[int]()
    for start in range(0, n_papers, BATCH):
        rng = np.random.default_rng([seed, start])
        names = _names(BATCH, rng)
        tails = fill(WORDS["title_tails"], BATCH, words, rng).tolist()
        is_named = (rng.random(BATCH) < NAMED_SHARE).tolist()
        titles = [f"{name}: {t}" if named else t for name, t, named in zip(names, tails, is_named, strict=True)]
        _make_siblings(titles, names, rng)
        _make_unique(titles, seen)
        yield from zip(titles, _abstracts(names, words, rng), strict=True)


def _order(n_records: int, records_per_dump: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """The paper of each record in order; a repeat stands at least one dump behind its paper where there is one."""
    n_papers = max(1, n_records - int(n_records * REPEAT_SHARE))
    repeated = rng.integers(max(1, n_papers - records_per_dump), size=n_records - n_papers)
    earliest = np.minimum(repeated + records_per_dump, n_papers - 0.5)
    places = np.concatenate([np.arange(n_papers), earliest + rng.random(len(repeated)) * (n_papers - earliest)])
    papers = np.concatenate([np.arange(n_papers), repeated])
    return papers[np.argsort(places, kind="stable")]


def _respell(record: Record, rng: np.random.Generator) -> tuple[Record, str]:
    (title, abstract), kind = record, "same"
    changed = {name: new for name, change in NOISE if (new := change(title)) != title}
    if changed and rng.random() < RESPELLED_SHARE:
        # The rare kinds stand first and are taken oftener, or a small run would hold none of them.
        kind = list(changed)[int(len(changed) * rng.random() ** 2)]
        title = changed[kind]
    if rng.random() < REVISED_SHARE:
        abstract, kind = abstract.rsplit(". ", 1)[0] + ".", f"{kind}+revised"
    return (title, abstract), kind


def _render(records: list[Record], *, is_compact: bool, day: dt.date) -> str:
    texts = [text for record in records for text in record]
    inbox = "Get trending papers in your email inbox"
    if is_compact:
        return "\n".join([f"{inbox} once a day!", f"{inbox}!", f"Subscribe{texts[0]}", *texts[1:]])
    page_day = f"{day:%b} {day.day}"
    return "\n\n".join(["new", f"{inbox}!", "Subscribe", "byAK and the research community", page_day, *texts])


def _records(order: npt.NDArray[np.int64], seed: int) -> Iterator[tuple[Record, str]]:
    """Each record with its kind of noise; only papers that are still to be repeated are kept in memory."""
    remaining = np.bincount(order).tolist()
    papers, kept = invent_papers(len(remaining), seed), dict[int, Record]()
    rng = np.random.default_rng([seed, 1])
    for paper in order.tolist():
        remaining[paper] -= 1
        is_first = paper not in kept
        record = next(papers) if is_first else kept.pop(paper)
        if remaining[paper]:
            kept[paper] = record
        yield (record, "first") if is_first else _respell(record, rng)


def write_dumps(folder: Path, n_records: int, seed: int, records_per_dump: int = 5_000) -> Truth:
    """The truth about the dumps it writes to `folder`: compact and spaced in turn, one invented day each."""
    folder.mkdir(parents=True, exist_ok=True)
    order = _order(n_records, records_per_dump, np.random.default_rng([seed, 2]))
    records = _records(order, seed)
    truth = Truth([], [], order.tolist(), [])
    for number, start in enumerate(range(0, n_records, records_per_dump)):
        chosen = [next(records) for _ in range(min(records_per_dump, n_records - start))]
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number)
        is_compact = number % 2 == 0
        name = f"{day}-{'compact' if is_compact else 'spaced'}-{number + 1:05}.txt"
        text = _render([record for record, _ in chosen], is_compact=is_compact, day=day)
        (folder / name).write_text(text, encoding="utf-8", newline="")
        truth.dump.extend([name] * len(chosen))
        truth.position.extend(range(1, len(chosen) + 1))
        truth.noise.extend(kind for _, kind in chosen)
    return truth


def main() -> None:
    """Nothing; writes the dumps and `truth.parquet` beside them, and says how long it took."""
    parser = argparse.ArgumentParser(description="Write invented dumps whose papers are known.")
    parser.add_argument("out", type=Path, help="folder for the dumps and truth.parquet")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--per-dump", type=int, default=5_000)
    arguments = parser.parse_args()
    started = time.perf_counter()
    truth = write_dumps(arguments.out, arguments.records, arguments.seed, arguments.per_dump)
    truth.to_frame().write_parquet(arguments.out / "truth.parquet")
    n_papers, seconds = len(set(truth.paper)), time.perf_counter() - started
    print(f"{arguments.records:,} records of {n_papers:,} papers in {seconds:.1f} s")


if __name__ == "__main__":
    main()
