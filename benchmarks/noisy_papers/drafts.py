"""Papers before they are finished: what a title and an abstract are made of, so that families can share parts."""

import datetime as dt
import re
from dataclasses import dataclass, replace
from random import Random

import numpy as np

from benchmarks.noisy_papers.names import invent_names
from benchmarks.noisy_papers.vocabulary import draw, fill
from benchmarks.noisy_papers.word_lists import FRAMES, word_list

NAMED_SHARE = 0.42
REPOSITORY_SHARE = 0.35
SENTENCE_CASE_SHARE = 0.12
MATH_SHARE = 0.03
GROUP_SHARE = 0.55
TOOLKIT_SHARE = 0.02
"""Of the repositories: a toolkit that papers of all sorts link, whoever wrote it."""
_SMALL_WORDS = frozenset(word_list("small_words"))
_MARK = re.compile(r"\{([SXYR])\}")


@dataclass(slots=True)
class Draft:
    """One paper in the making; sentences and body hold the marks {S}, {X}, {Y}, {R} until it is finished.

    Attributes:
        head: What stands before the colon of the title; empty where there is no colon.
        body: The title, or the subtitle behind the head, in lower case.
        tail: What stands behind the body as it is, such as ", Part II".
        arxiv_id: The id of the paper, whether shown or not.
        repository: URL; None where the paper has none.
        guard: Words of the title that tell it from the others of its family, which no noise may touch.
        needs_abstract: Every record must show the abstract, as the title alone does not tell.
    """

    name: str
    topics: tuple[str, str]
    head: str
    body: str
    tail: str
    is_sentence_case: bool
    sentences: list[str]
    new_body: str
    arxiv_id: str
    repository: str | None
    published_on: dt.date
    n_authors: int
    organisation: str
    has_group: bool
    submitted_by: str
    family: str = ""
    guard: frozenset[str] = frozenset()
    needs_abstract: bool = False
    title: str = ""

    def filled(self, text: str) -> str:
        """The text with the paper's name, topics and repository in place of their marks."""
        values = {"S": self.name, "X": self.topics[0], "Y": self.topics[1], "R": self.repository or ""}
        return _MARK.sub(lambda match: values[match[1]], text)

    def written(self, head: str, body: str) -> str:
        """A title of this paper in its own case."""
        cased = (upper_first if self.is_sentence_case else title_case)(self.filled(body))
        return f"{head}: {cased}{self.tail}" if head and cased else f"{head}{cased}{self.tail}"


def upper_first(text: str) -> str:
    """The text with its first letter in upper case.

    >>> upper_first("tea for two")
    'Tea for two'
    """
    return text[:1].upper() + text[1:]


def title_case(text: str) -> str:
    """The text with every word but the small ones in upper case; parts of hyphenated words too.

    >>> title_case("how long-lived kettles boil: a study")
    'How Long-Lived Kettles Boil: A Study'
    """
    words = text.split(" ")
    cased = [
        word if word in _SMALL_WORDS else "-".join([upper_first(part) for part in word.split("-")]) for word in words
    ]
    for i in range(len(cased)):
        if i == 0 or words[i - 1].endswith((":", "?")):
            cased[i] = upper_first(cased[i])
    return " ".join(cased)


def finish(draft: Draft) -> None:
    """Nothing; writes the title and fills the marks of the sentences in place."""
    draft.title = draft.written(draft.head, draft.body)
    filled = draft.filled("\x00".join(draft.sentences))
    draft.sentences = [upper_first(sentence) for sentence in filled.split("\x00")]


def _topics(n: int, rng: np.random.Generator) -> list[str]:
    tasks, nouns, adjectives = (draw(slot, n, rng) for slot in "tna")
    forms = rng.choice(3, size=n, p=[0.45, 0.3, 0.25]).tolist()
    return [
        (task, f"{noun} {task}", f"{adjective} {task}")[form]
        for task, noun, adjective, form in zip(tasks, nouns, adjectives, forms, strict=True)
    ]


def _abstracts(n: int, rng: np.random.Generator) -> list[list[str]]:
    """Four to nine sentences each: opening, problem, proposal, methods, results, closing, boilerplate."""
    parts = {name: np.array(counts)[rng.integers(len(counts), size=n)] for name, counts in _PLAN.items()}
    drawn = {name: iter(fill(FRAMES[name], int(counts.sum()), rng)) for name, counts in parts.items()}
    rows = zip(*(counts.tolist() for counts in parts.values()), strict=True)
    return [[next(drawn[name]) for name, count in zip(_PLAN, row, strict=True) for _ in range(count)] for row in rows]


_PLAN = {
    "openings": [1],
    "problems": [0, 1, 1],
    "proposals": [1],
    "methods": [1, 1, 2, 2, 3],
    "results": [1, 1, 2, 2],
    "closings": [0, 0, 1],
    "boilerplate": [0, 0, 0, 1, 1, 2],
}


def make_drafts(arxiv_ids: list[str], rng: np.random.Generator, chance: Random) -> list[Draft]:
    """One draft per arXiv id, each with words of its own."""
    n = len(arxiv_ids)
    names, owners, people = invent_names(n, rng), invent_names(n, rng), invent_names(n, rng)
    firsts, seconds = _topics(n, rng), _topics(n, rng)
    subtitles, plain, new = (fill(FRAMES[k], n, rng) for k in ("subtitles", "plain_titles", "plain_titles"))
    sentences, group_words = _abstracts(n, rng), word_list("organisations")
    shares = rng.random((n, 5)).tolist()
    authors = np.minimum(1 + rng.geometric(0.2, size=n), 60).tolist()
    drafts = []
    for i, arxiv_id in enumerate(arxiv_ids):
        named, has_repository, sentence_case, math, group = shares[i]
        draft = Draft(
            name=names[i],
            topics=(firsts[i], seconds[i]),
            head=names[i] if named < NAMED_SHARE else "",
            body=subtitles[i] if named < NAMED_SHARE else plain[i],
            tail="",
            is_sentence_case=sentence_case < SENTENCE_CASE_SHARE,
            sentences=sentences[i],
            new_body=new[i],
            arxiv_id=arxiv_id,
            repository=f"https://github.com/{owners[i].lower()}/{names[i]}"
            if has_repository < REPOSITORY_SHARE
            else None,
            published_on=_day_of(arxiv_id, chance),
            n_authors=authors[i],
            has_group=group < GROUP_SHARE,
            organisation=f"{owners[i]} {group_words[i % len(group_words)]}",
            submitted_by=people[i].lower(),
        )
        drafts.append(_with_math(draft, chance) if math < MATH_SHARE else draft)
        if draft.repository and chance.random() < 0.4:
            draft.sentences.append(chance.choice(FRAMES["code_sentences"]))
    return drafts


def _repository(owner: str, name: str, chance: Random) -> str:
    if chance.random() < TOOLKIT_SHARE:
        return f"https://github.com/{chance.choice(word_list('toolkits'))}"
    return f"https://github.com/{owner.lower()}/{name}"


def _day_of(arxiv_id: str, chance: Random) -> dt.date:
    return dt.date(2000 + int(arxiv_id[:2]), int(arxiv_id[2:4]), chance.randint(1, 28))


def _with_math(draft: Draft, chance: Random) -> Draft:
    sign = chance.choice(["α", "β", "γ", "λ", "μ", "π", "σ"])
    if draft.head:
        return replace(draft, head=draft.head + chance.choice(["²", "³", f"-{sign}"]))
    return replace(draft, tail=f" in {sign}-Space")
