"""Texts whose links are known: the table of hard cases, invented abstracts, and the labelled lines of real dumps."""

import csv
import json
import random
import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.dump_generator import GROUPS, LINK_SHARE, NOUNS, SUFFIXES, WORDS, invent_papers

CASES = Path(__file__).parents[1] / "tests" / "cases" / "links.csv"
_PLACES = ("https://github.com/{r}", "https://{o}.github.io/{s}/", "https://huggingface.co/datasets/{r}")
"""Every address that the generator's link sentences name, in the canonical form."""
_OWNERS = [noun for noun in NOUNS if noun.isascii()]
_NAME_ENDINGS = ("", "-xl", "_v2", "-2.1", ".js")


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and what an engine should find in it."""

    text: str
    repositories: frozenset[str]
    """`owner/name` in lower case."""
    urls: frozenset[str]
    """Canonical: of a repository its front page, of anything else as written but for the defect."""


def read_cases(path: Path = CASES) -> list[LabelledText]:
    """The table of cases: columns `text`, `url`, `repository`; `<U+200B>` in a text stands for that character."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [_label(_show_hidden(row["text"]), [row["url"]], [row["repository"]]) for row in rows]


def invent_texts(n_texts: int, seed: int) -> list[LabelledText]:
    """Invented abstracts, of which `LINK_SHARE` end with a sentence that names a link."""
    rng = random.Random(seed)
    papers = invent_papers(2 * n_texts, seed)  # one in five has a link of its own and is passed over
    abstracts = islice((abstract for _, abstract in papers if "/" not in abstract), n_texts)
    return [_add_link(abstract, rng) if rng.random() < LINK_SHARE else _label(abstract) for abstract in abstracts]


def read_labelled_lines(folder: Path) -> list[LabelledText]:
    """The lines of the seeds under `folder/dumps` that are not blank, with the labels of `folder/gold`.

    A `github_key` counts for the line it stands on; labels without a URL are promises of code, not links.
    """
    gold = json.loads((folder / "gold/seeds/links.json").read_text(encoding="utf-8"))["links"]
    labels: dict[tuple[str, int], list[dict[str, str]]] = {}
    for label in gold:
        labels.setdefault((label["file"], label["line"]), []).append(label)
    texts = []
    for path in sorted((folder / "dumps/seeds").glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            here = labels.get((path.name[:3], number), [])
            if line.strip():
                texts.append(_label(line, *([label[key] for label in here] for key in ("canonical_url", "github_key"))))
    return texts


def _show_hidden(text: str) -> str:
    return re.sub(r"<U\+([0-9A-F]{4,6})>", lambda found: chr(int(found[1], 16)), text)


def _add_link(abstract: str, rng: random.Random) -> LabelledText:
    """The abstract with a sentence of the generator behind it."""
    sentence = rng.choice(WORDS["links"])
    owner = f"{rng.choice(_OWNERS)}-{rng.choice(GROUPS)}"
    name = rng.choice(SUFFIXES) + rng.choice(_NAME_ENDINGS)
    names = {"r": f"{owner}/{name}", "o": owner, "s": name}
    urls = [place.format(**names) for place in _PLACES if place.removeprefix("https://") in sentence]
    repositories = [names["r"]] if "github.com/{r}" in sentence else []
    return _label(f"{abstract} {sentence.format(**names)}", urls, repositories)


def _label(text: str, urls: list[str] | None = None, repositories: list[str] | None = None) -> LabelledText:
    known = [frozenset(filter(None, values or ())) for values in (urls, repositories)]
    return LabelledText(text, frozenset(name.lower() for name in known[1]), known[0])
