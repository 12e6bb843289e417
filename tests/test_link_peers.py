import json
import re
from pathlib import Path

import pytest
from benchmarks.dump_generator import WORDS
from benchmarks.link_peers import (
    Row,
    Score,
    compare,
    find_behind_gate,
    find_with_paperlake,
    main,
    score,
    score_links,
    times_ours,
)
from benchmarks.link_texts import LabelledText, invent_texts, read_cases, read_labelled_lines

PEERS = Path(__file__).parents[1] / "benchmarks" / "peers"
DRIP = "https://github.com/Kettle-Lab/drip"


def test_score_counts_text_by_text():
    found = [frozenset({"a", "b"}), frozenset(), frozenset({"c"})]
    truth = [frozenset({"a"}), frozenset({"c"}), frozenset()]
    result = score(found, truth)
    assert result == Score(n_true=2, n_found=3, n_right=1)
    assert (result.precision, result.recall, result.n_invented) == (1 / 3, 1 / 2, 2)


def test_score_of_nothing_is_no_mistake():
    assert (Score(0, 0, 0).precision, Score(0, 0, 0).recall) == (1.0, 1.0)
    assert (Score(3, 0, 0).precision, Score(3, 0, 0).recall) == (1.0, 0.0)


def test_repositories_are_compared_without_case_and_urls_with_it():
    labelled = [LabelledText("", frozenset({"kettle-lab/drip"}), frozenset({DRIP}))]
    right, mangled = [(DRIP, "Kettle-Lab/drip"), (DRIP, "Kettle-Lab/drip")], [(DRIP.lower(), r"kettle-lab/drip\_v2")]
    assert score_links([right], labelled) == (Score(1, 1, 1), Score(1, 1, 1))
    assert score_links([mangled], labelled) == (Score(1, 1, 0), Score(1, 1, 0))


def test_the_gate_keeps_every_text_in_its_place():
    def engine(texts):
        return [[(text, None)] for text in texts], 2.0

    texts = ["Kettles drip.", "at github.com/a/b", "Socks pair.", "at https://drip.example.org"]
    found, seconds = find_behind_gate(engine, texts)
    assert found == [[], [("at github.com/a/b", None)], [], [("at https://drip.example.org", None)]]
    assert seconds > 2.0


def test_compare_gives_two_rows_an_engine_and_ratios_of_like_with_like():
    def slow(texts):
        return [[] for _ in texts], 1.0

    labelled = [LabelledText(f"Code: {DRIP}", frozenset({"kettle-lab/drip"}), frozenset({DRIP}))]
    rows = compare("socks", labelled, {"paperlake": find_with_paperlake, "slow": slow})
    assert [(row.engine, row.is_gated) for row in rows] == [
        ("paperlake", True), ("paperlake", False), ("slow", True), ("slow", False),
    ]  # fmt: skip
    assert [row.repositories.n_right for row in rows] == [1, 1, 0, 0]
    assert rows[3].microseconds == 1e6
    assert times_ours(rows[3], rows) > 1
    nothing = Score(0, 0, 0)
    like = [
        Row("socks", engine, gated, nothing, nothing, cost)
        for engine, gated, cost in [("paperlake", True, 2.0), ("paperlake", False, 5.0), ("slow", False, 20.0)]
    ]
    assert times_ours(like[2], like) == 4.0


def test_the_table_of_cases_is_read_whole():
    cases = read_cases()
    assert len(cases) > 100
    assert not [case.text for case in cases if "<U+" in case.text]
    assert {len(case.urls) for case in cases} == {0, 1}
    assert all(name == name.lower() and "/" in name for case in cases for name in case.repositories)


def test_invented_texts_know_their_links():
    texts = invent_texts(300, seed=7)
    assert texts == invent_texts(300, seed=7) != invent_texts(300, seed=8)
    assert len(texts) == 300
    with_link = [text for text in texts if text.urls]
    assert 30 < len(with_link) < 100
    assert all(("/" in text.text) == bool(text.urls) for text in texts)
    found, _ = find_with_paperlake([text.text for text in texts])
    assert all(one.n_invented == 0 and one.recall == 1 for one in score_links(found, texts))


def test_every_link_sentence_of_the_generator_has_a_truth():
    texts = [text for text in invent_texts(1_000, seed=7) if text.urls]
    openings = {sentence.split("{")[0] for sentence in WORDS["links"]}
    assert all(any(opening in text.text for text in texts) for opening in openings)


def test_labelled_lines_carry_the_labels_of_their_line(tmp_path):
    for folder in ("dumps/seeds", "gold/seeds"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "dumps/seeds/000_kettle.txt").write_text(f"Kettles\n\nCode: {DRIP}.\nCode soon.")
    labels = [
        {"file": "000", "line": 3, "canonical_url": DRIP, "github_key": "kettle-lab/drip"},
        {"file": "000", "line": 4, "canonical_url": None, "github_key": None},
    ]
    (tmp_path / "gold/seeds/links.json").write_text(json.dumps({"links": labels}))
    nothing = frozenset()
    assert read_labelled_lines(tmp_path) == [
        LabelledText("Kettles", nothing, nothing),
        LabelledText(f"Code: {DRIP}.", frozenset({"kettle-lab/drip"}), frozenset({DRIP})),
        LabelledText("Code soon.", nothing, nothing),
    ]


def test_the_benchmark_says_what_to_do_without_its_environment(tmp_path):
    with pytest.raises(SystemExit, match="make bench-peers"):
        main(["--python", str(tmp_path / "python")])


def test_the_lock_of_the_peers_holds_hashes_and_no_addresses():
    lock = (PEERS / "requirements.lock").read_text()
    lines = lock.splitlines()
    pins = [line for line in lines if not line.startswith(" ")]
    assert all(re.fullmatch(r"[a-z\d-]+==[\w.]+(?: ; [^\\]+)? \\", pin) for pin in pins)
    assert all(re.fullmatch(r"    --hash=sha256:[\da-f]{64}(?: \\)?", line) for line in lines if line.startswith(" "))
    assert all(lines[number + 1].startswith("    --hash=") for number, line in enumerate(lines) if line in pins)
    asked = {line for line in (PEERS / "requirements.in").read_text().split("\n") if line and not line.startswith("#")}
    assert asked <= {pin.split("==")[0] for pin in pins}
    assert "://" not in lock
    assert "#" not in lock


def test_no_peer_is_a_dependency_of_the_project():
    locked = (PEERS.parents[1] / "requirements.lock").read_text()
    asked = (PEERS / "requirements.in").read_text().splitlines()
    assert not [name for name in asked if re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE)]
