"""Hard negatives: different papers that look like one, in families of two to five."""

from collections.abc import Callable
from random import Random

from benchmarks.noisy_papers.drafts import Draft
from benchmarks.noisy_papers.vocabulary import draw_different, draw_one, fill_one
from benchmarks.noisy_papers.word_lists import FRAMES, WORDS, word_list

Family = Callable[[list[Draft], Random], None]


def make_family(kind: str, drafts: list[Draft], chance: Random) -> None:
    """Nothing; turns unrelated drafts into the members of one family, in place."""
    FAMILIES[kind](drafts, chance)
    for draft in drafts:
        draft.family = kind


def sequel(drafts: list[Draft], chance: Random) -> None:
    """Part I and Part II, V2 and V3, 2.0, ++, revisited: new work under the old title."""
    _follow(drafts, chance, shared=chance.choice([0.0, 0.1, 0.3]))
    style = chance.randrange(5)
    for i, draft in enumerate(drafts):
        roman = ("I", "II", "III", "IV", "V")[i]
        if style == 0:
            draft.tail = f", Part {roman}"
        elif style == 1:
            draft.tail = f" {roman}"
        elif style == 2:
            draft.head = f"{draft.name}{('', ' V2', ' V3', ' V4', ' V5')[i]}"
        elif style == 3:
            draft.head = f"{draft.name}{('', '++', ' 2.0', ' 3.0', ' 4.0')[i]}"
        else:
            draft.tail = ("", " Revisited", ", Once More", ": A Second Look", ": Ten Years Later")[i]


def sibling_models(drafts: list[Draft], chance: Random) -> None:
    """One name in several sizes: Nano and Ultra, 7B and 70B."""
    _follow(drafts, chance, shared=chance.choice([0.2, 0.4, 0.6]))
    sizes = chance.choice(
        [
            ["-Nano", "-Ultra", "-Pro", "-Mini", "-Max"],
            ["-7B", "-70B", "-1.7B", "-32B", "-0.6B"],
            [" Small", " Large", " Tiny", " Base", " Huge"],
            ["-S", "-L", "-M", "-XL", "-XXL"],
            [" 1.5", " 2.5", " 3.5", " 4", " 2"],
        ]
    )
    for draft, size in zip(drafts, sizes, strict=False):
        draft.head = draft.name + size
        draft.name = draft.head


def one_template(drafts: list[Draft], chance: Random) -> None:
    """A survey of X for Y, and another of X for Z."""
    frame = chance.choice(
        [
            "a survey of {X} for %s",
            "a survey on %s in {X}",
            "{X} in %s: a systematic review",
            "large language models for {X} in %s",
            "deep learning for %s: challenges of {X} and opportunities",
            "towards %s for {X}: a position paper",
        ]
    )
    slot, topics = chance.choice("dtm"), drafts[0].topics
    for draft, word in zip(drafts, draw_different(slot, len(drafts), chance), strict=True):
        draft.topics = (topics[0], draft.topics[1])
        draft.head, draft.body, draft.is_sentence_case = "", frame % word, False


def variants(drafts: list[Draft], chance: Random) -> None:
    """The same work for another language or another year."""
    _follow(drafts, chance, shared=chance.choice([0.3, 0.5]))
    topic = chance.choice(["{X}", "{Y}"])
    if chance.random() < 0.5:
        words = chance.sample(word_list("languages"), len(drafts))
        frames = [chance.choice([f"{topic} in %s {{X}} corpora", f"a %s benchmark for {topic}"])] * len(drafts)
    else:
        first = chance.randint(2015, 2021)
        words = [str(first + i) for i in range(len(drafts))]
        frames = [
            chance.choice([f"the %s {topic} challenge: overview and findings", f"findings of the %s {topic} task"])
        ]
        frames *= len(drafts)
    for draft, frame, word in zip(drafts, frames, words, strict=True):
        draft.head, draft.body = "", frame % word
        draft.sentences[0] = draft.sentences[0].replace("{X}", f"{{X}} ({word})", 1)


def same_title(drafts: list[Draft], chance: Random) -> None:
    """One generic short title, unrelated abstracts: only these tell."""
    words = [draw_one(slot, chance) for slot in chance.choice(["n", "an", "nn", "gn", "m"])]
    for draft in drafts:
        draft.head, draft.body, draft.tail, draft.is_sentence_case = "", " ".join(words), "", False
        draft.needs_abstract = True


def contained(drafts: list[Draft], chance: Random) -> None:
    """A title that stands inside the others."""
    base = drafts[0]
    inner = (
        base.name
        if chance.random() < 0.5
        else f"{draw_one('a', chance)} {draw_one('n', chance)} {draw_one('m', chance)}s"
    )
    base.head, base.body = "", inner
    frames = [
        "improving %s with {X}",
        "%s-style {Y} for {X}",
        "understanding the limits of %s in {Y}",
        "%s meets {Y}: new results on {X}",
        "a closer look at %s",
        "revisiting %s for {X}",
    ]
    for draft, frame in zip(drafts[1:], chance.sample(frames, len(drafts) - 1), strict=True):
        draft.head, draft.body = "", frame % inner


def negation(drafts: list[Draft], chance: Random) -> None:
    """A claim, its denial, and the question in between."""
    _follow(drafts, chance, shared=0.1)
    subject = f"{draw_one('a', chance)} {draw_one('n', chance)} {draw_one('g', chance)}"
    frames = chance.choice(
        [
            ["%s is all you need", "%s is not all you need", "is %s all you need?", "%s is all you need for {X}"],
            ["%s helps {X}", "%s does not help {X}", "does %s help {X}?", "%s rarely helps {X}"],
            ["{X} with %s", "{X} without %s", "{X} beyond %s", "{X} under %s"],
        ]
    )
    for i, draft in enumerate(drafts):
        draft.head, draft.body = "", frames[i % 4] % subject + ("" if i < 4 else " in {Y}")


def one_group(drafts: list[Draft], chance: Random) -> None:
    """Papers of one group: the same first sentences, the same repository, nothing else in common."""
    base, opening = drafts[0], chance.sample(FRAMES["group_openings"], chance.choice([2, 2, 3]))
    filled = [fill_one(sentence, chance) for sentence in opening]
    repository = base.repository or f"https://github.com/{base.submitted_by}/{base.name}"
    for draft in drafts:
        draft.sentences = [*filled, *draft.sentences[1:]]
        draft.organisation, draft.repository = base.organisation, repository


def one_abstract(drafts: list[Draft], chance: Random) -> None:
    """One boilerplate abstract in which only the names differ."""
    base, tasks = drafts[0], draw_different("t", len(drafts), chance)
    body = chance.choice(["a dataset for {X}", "the %s release of {X} data", "an open corpus for {X} in %s"])
    body = body.replace("%s", draw_one("d", chance))
    for draft, task in zip(drafts, tasks, strict=True):
        draft.sentences, draft.topics = list(base.sentences), (task, base.topics[1])
        draft.head, draft.body, draft.is_sentence_case = draft.name, body, base.is_sentence_case
        if draft.repository is None:
            draft.sentences = [sentence for sentence in draft.sentences if "{R}" not in sentence]
        if not any("{S}" in sentence for sentence in draft.sentences):
            draft.sentences.insert(1, "Here we describe {S}, which was made for {X}.")


def signs(drafts: list[Draft], chance: Random) -> None:
    """C, C++ and C#; A and A*: one sign makes another thing."""
    _follow(drafts, chance, shared=0.3)
    words = chance.choice([["C", "C++", "C#", "D", "R"], ["A", "A*", "B", "B*", "AA"], ["F", "F#", "F*", "J", "J#"]])
    frame = chance.choice(
        ["{X} for programs in %s", "{n} {g} with %s search for {X}", "{g} %s code: a {n} study of {X}"]
    )
    for slot in "ng":
        frame = frame.replace(f"{{{slot}}}", draw_one(slot, chance))
    for draft, word in zip(drafts, words, strict=False):
        draft.head, draft.body = "", frame % word
        draft.sentences[0] += f" We look at {word} only."


def one_letter(drafts: list[Draft], chance: Random) -> None:
    """Two titles that differ by a letter, which makes another word."""
    first, second = chance.choice(word_list("one_letter")).split("/")
    if chance.random() < 0.5:
        first, second = second, first
    _follow(drafts, chance, shared=0.2)
    frame = f"{draw_one('g', chance)} %s {draw_one('n', chance)} for {{X}}"
    others = [frame % word for word in (first, second)]
    bodies = [*others, *(f"{body} in {draw_one('d', chance)}" for body in (*others, others[0]))]
    for i, draft in enumerate(drafts):
        draft.head, draft.body = "", bodies[i]
        draft.sentences[1] += f" The quantity of interest is the {(first, second)[i % 2]} of {{Y}}."


def numbers(drafts: list[Draft], chance: Random) -> None:
    """The same claim with another number: 5 and 50 examples."""
    _follow(drafts, chance, shared=0.3)
    counts = chance.choice(
        [["5", "50", "500", "15", "25"], ["1.5", "15", "2.5", "25", "3"], ["10", "100", "1000", "1", "20"]]
    )
    frame = chance.choice(["{X} with %s {p}", "{X} in %s steps: {g} {p}", "how {p} learn {X} from %s {n} examples"])
    for slot in "pgn":
        frame = frame.replace(f"{{{slot}}}", draw_one(slot, chance))
    for draft, count in zip(drafts, counts, strict=False):
        draft.head, draft.body = "", frame % count
        draft.sentences[0] = f"This paper asks what {{X}} gains from {count} {WORDS['plurals'].split()[0]}."


def look_alikes(drafts: list[Draft], chance: Random) -> None:
    """Two papers on one subject whose abstracts say similar things with other words and figures."""
    base = drafts[0]
    for draft in drafts[1:]:
        draft.topics, draft.is_sentence_case = base.topics, base.is_sentence_case
        kept = [chance.random() < 0.5 for _ in base.sentences]
        own = draft.sentences + base.sentences
        draft.sentences = [
            other_words(old, chance) if keep else new for old, new, keep in zip(base.sentences, own, kept, strict=False)
        ]
        if draft.repository is None:
            draft.sentences = [sentence for sentence in draft.sentences if "{R}" not in sentence]


def other_words(sentence: str, chance: Random) -> str:
    """The sentence with every third of its words replaced by another word, and other figures."""
    words = sentence.split(" ")
    for i, word in enumerate(words):
        if word.isalpha() and word.islower() and len(word) > 4 and chance.random() < 0.4:
            words[i] = draw_one("p" if word.endswith("s") else "a", chance)
        elif word[:1].isdigit():
            words[i] = "".join([str(chance.randint(1, 9)) if sign.isdigit() else sign for sign in word])
    return " ".join(words)


def _follow(drafts: list[Draft], chance: Random, shared: float) -> None:
    """Nothing; the others take name, topics, title and case of the first, and a share of its sentences."""
    base = drafts[0]
    for draft in drafts[1:]:
        draft.name, draft.topics, draft.head, draft.body = base.name, base.topics, base.head, base.body
        draft.is_sentence_case, draft.organisation = base.is_sentence_case, base.organisation
        for i in range(1, min(len(draft.sentences), len(base.sentences))):
            if chance.random() < shared and "{R}" not in base.sentences[i]:
                draft.sentences[i] = base.sentences[i]


FAMILIES: dict[str, Family] = {
    "sequel": sequel,
    "sibling_models": sibling_models,
    "one_template": one_template,
    "variants": variants,
    "same_title": same_title,
    "contained": contained,
    "negation": negation,
    "one_group": one_group,
    "one_abstract": one_abstract,
    "signs": signs,
    "one_letter": one_letter,
    "numbers": numbers,
    "look_alikes": look_alikes,
}
TITLES_TELL = frozenset(FAMILIES) - {"same_title", "one_group", "look_alikes"}
"""Families whose members share most of a title: noise leaves alone the words that tell them apart."""
