"""How the records of one paper show it: which noise each draws, and the values that a tool leaves on the page."""

import datetime as dt
from random import Random

from benchmarks.noisy_papers.abstract_noise import edit, shorten
from benchmarks.noisy_papers.captures import Tool
from benchmarks.noisy_papers.drafts import Draft
from benchmarks.noisy_papers.letter_noise import LETTER_NOISE
from benchmarks.noisy_papers.title_noise import LEAST_KEPT, TITLE_NOISE

WEIGHTS = {
    "typos": 12,
    "ocr": 7,
    "blanks": 8,
    "title_truncated": 7,
    "subtitle": 8,
    "small_words": 7,
    "latex": 8,
    "spelling": 13,
    "abstract_missing": 8,
    "abstract_short": 12,
    "abstract_edited": 12,
    "encoding": 5,
    "page_words": 3,
}
"""How often each kind of noise is drawn, against the others."""
KINDS = (*WEIGHTS, "retitled")
RETITLED_SHARE = 0.01
"""Of the records that repeat a paper."""
NOISY_FIRST_SHARE = 0.15
_MANY_KINDS = [0, 0, 1, 1, 1, 1, 2, 2, 2, 3]
_TITLE_HIDES = frozenset({"retitled", "title_truncated", "subtitle"})
_ABSTRACT_HIDES = frozenset({"abstract_missing", "abstract_short"})
_CHANGES_WORDS = frozenset({"title_truncated", "small_words", "retitled"})

Shown = tuple[str, str | None, str]


def show(draft: Draft, has_abstract: list[bool], chance: Random) -> list[Shown]:
    """Title, abstract and noise of each record, the earliest first.

    Where a record's title does not tell the paper any more, all its records show their whole abstract: a careful person
    can decide every pair.

    Args:
        draft: A finished paper.
        has_abstract: One entry a record: whether its tool shows abstracts.
        chance: Where the noise comes from.
    """
    plans = [_plan(i, draft, chance) for i in range(len(has_abstract))]
    needs_abstract = draft.needs_abstract or any(_hides(plan, draft) for plan in plans)
    if needs_abstract:
        plans = [[kind for kind in plan if kind not in _ABSTRACT_HIDES] for plan in plans]
    return [
        _record(draft, plan, needs_abstract or shows, chance) for plan, shows in zip(plans, has_abstract, strict=True)
    ]


def _plan(i: int, draft: Draft, chance: Random) -> list[str]:
    """The kinds of noise of a paper's record `i`, in the order of drawing."""
    count = chance.choice(_MANY_KINDS) if i else int(chance.random() < NOISY_FIRST_SHARE)
    drawn = dict.fromkeys(chance.choices(_NAMES, cum_weights=_CUMULATED, k=count)) if count else {}
    if i > 0 and chance.random() < RETITLED_SHARE:
        drawn["retitled"] = None
    return [kind for kind in drawn if not (draft.guard and kind in _CHANGES_WORDS)]


_NAMES = list(WEIGHTS)
_CUMULATED = [sum(list(WEIGHTS.values())[: i + 1]) for i in range(len(WEIGHTS))]


def _hides(plan: list[str], draft: Draft) -> bool:
    """Whether the noise may leave a title that many papers could have."""
    if not _TITLE_HIDES.intersection(plan):
        return False
    if "retitled" in plan or ("title_truncated" in plan and not draft.head):
        return True
    return "subtitle" in plan and not draft.guard and len(draft.head) < LEAST_KEPT


def _record(draft: Draft, plan: list[str], has_abstract: bool, chance: Random) -> Shown:
    applied: list[str] = []
    title, abstract = draft.title, _abstract(draft, plan, has_abstract, applied, chance)
    if "retitled" in plan:
        title = draft.written(draft.head if chance.random() < 0.3 else "", draft.new_body)
        applied.append("retitled")
    for kind, noise in TITLE_NOISE.items():
        if kind in plan:
            changed = noise(title, draft.guard, chance)
            if changed != title:
                title, applied = changed, [*applied, kind]
    for kind, letter_noise in LETTER_NOISE.items():
        if kind in plan:
            where = chance.random()
            changed = letter_noise(title, draft.guard, chance) if where < 0.75 or abstract is None else title
            other = letter_noise(abstract, draft.guard, chance) if abstract is not None and where > 0.5 else abstract
            if (changed, other) != (title, abstract):
                title, abstract, applied = changed, other, [*applied, kind]
    return title, abstract, "+".join(applied)


def _abstract(draft: Draft, plan: list[str], has_abstract: bool, applied: list[str], chance: Random) -> str | None:
    if not has_abstract or "abstract_missing" in plan:
        applied.append("abstract_missing")
        return None
    sentences = draft.sentences
    if "abstract_edited" in plan:
        sentences = edit(sentences, chance)
        applied.append("abstract_edited")
    if "abstract_short" in plan:
        applied.append("abstract_short")
        return shorten(sentences, chance)
    return " ".join(sentences)


def show_values(draft: Draft, tool: Tool, chance: Random) -> tuple[str | None, ...]:
    """`arxiv_id`, `paper_url`, `github_url`, `organisation` and `submitted_by` as the tool shows them."""
    arxiv_id = draft.arxiv_id if chance.random() < tool.arxiv_id else None
    url = chance.choice(_PAPER_URLS) + arxiv_id if arxiv_id and chance.random() < 0.7 else None
    repository = draft.repository if draft.repository and chance.random() < tool.repository else None
    if repository and chance.random() < 0.15:
        repository = _respelled(repository, chance)
    organisation = draft.organisation if draft.has_group and chance.random() < tool.group else None
    submitter = draft.submitted_by if chance.random() < tool.submitter else None
    return arxiv_id, url, repository, organisation, submitter


_PAPER_URLS = ["https://arxiv.org/abs/", "https://huggingface.co/papers/", "https://arxiv.org/pdf/"]


def _respelled(url: str, chance: Random) -> str:
    return chance.choice([f"{url}/", f"{url}.git", url.lower(), url.replace("https:", "http:"), f"{url}/tree/main"])


def show_day(draft: Draft, tool: Tool, chance: Random) -> dt.date | None:
    """The day of publication; now and then that of a later version."""
    if chance.random() >= tool.day:
        return None
    late = dt.timedelta(days=chance.randint(1, 200)) if chance.random() < 0.08 else dt.timedelta(0)
    return draft.published_on + late


def show_n_authors(draft: Draft, tool: Tool, chance: Random) -> int | None:
    """How many authors: listings count them where they name no organisation."""
    return draft.n_authors if not draft.has_group and chance.random() < tool.group else None
