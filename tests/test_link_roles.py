"""Rules about links: each speaks where it should, and together they mean what they say on labelled links."""

import csv

import polars as pl
import pytest
from benchmarks import link_roles as benchmark

from paperlake.link_roles.cues import find_cues, rule_descriptions
from paperlake.link_roles.scores import add_paper_cues, judge_roles, role_weights
from paperlake.links.finding import find_links
from paperlake.paper_links import is_surely_own
from paperlake.vocabularies import LINK_KINDS, LINK_ROLES

POT = "https://github.com/kettle-lab/pot"


def cues(text, place="abstract"):
    return set(find_cues(text, find_links(text), place)[0])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"Our source code is available at {POT}.", "our_code"),
        (f"Code to reproduce all results: {POT}", "code_of_this_work"),
        (f"The implementation can be found at {POT}.", "code_is_out"),
        (f"We open-source it at {POT}.", "we_release"),
        (f"GitHub: {POT}", "code_label"),
        (f"It drips. Code at {POT}", "code_label"),
        (f"It drips. Our training code is at {POT}", "code_label"),
        (f"Source code is given at: {POT}", "code_is_out"),
        (f"The toolkit and its manual, {POT}.", "code_words"),
        (f"The 900 recordings are in {POT}.", "data_words"),
        (f"The checkpoints of all sizes are in {POT}.", "model_words"),
        (f"An interactive map is on {POT}.", "demo_words"),
        (f"Visit our project page, {POT}.", "page_words"),
        (f"Dataset: {POT}", "data_label"),
        (f"Weights: {POT}", "model_label"),
        (f"Demo: {POT}", "demo_label"),
        (f"It is available at {POT}.", "out_at"),
        (f"Code will be released at {POT}.", "promise"),
        (f"Our method is built on PotLib ({POT}).", "built_on"),
        (f"Our code is a fork of {POT}.", "built_on_near"),
        (f"We evaluate on PotBench, available at {POT}.", "uses_others"),
        (f"The original code is at {POT}.", "names_others"),
        (f"It outperforms Pot ({POT}).", "compared_with"),
        (f"The trick was proposed in {POT}.", "cited"),
        (f"There are libraries such as {POT}.", "gives_example"),
        (f"The code by Potter et al. is at {POT}.", "names_others"),
        (f"Ours, with the plans, is at {POT}.", "ours_is_at"),
        (f"We thank the maintainers of {POT}.", "thanks"),
        (f"We cannot release the code, but see {POT}.", "not_released"),
        (f"Report a problem with this page: {POT}", "words_of_a_page"),
        (f"A leaderboard is kept at {POT}.", "board_words"),
        (f"It is made by us: {POT}", "ours"),
        (f"It uses Pots ({POT}).", "in_brackets"),
        (f"The code, {POT}, is public.", "sentence_code"),
        (f"The dataset, {POT}, is public.", "sentence_data"),
        (f"The weights, {POT}, are public.", "sentence_model"),
        (f"In this paper we drip, {POT}.", "sentence_ours"),
        (f"It is released under MIT, {POT}.", "sentence_out"),
        (f"{POT} holds the code.", "then_code"),
        (f"{POT} holds the dataset.", "then_data"),
        (f"{POT} holds the weights.", "then_model"),
        (f"{POT} shows a demo.", "then_demo"),
        (f"{POT} is used by us.", "then_built_on"),
        (f"{POT} is a baseline.", "then_compared"),
        (f"It was reported in {POT}/issues/7.", "issue_or_pull"),
        ("Data: https://github.com/kettle-lab/pot-dataset", "name_of_data"),
        ("Papers: https://github.com/kettle-lab/awesome-pots", "name_of_list"),
        ("Files: https://github.com/kettle-lab/pot-weights", "name_of_model"),
        ("Site: https://github.com/kettle-lab/kettle-lab.github.io", "name_of_page"),
        ("See https://pots.example.org/download.zip", "path_of_data"),
        ("See https://pots.example.org/drip.mp4", "path_of_demo"),
        ("See https://pots.example.org/leaderboard", "path_of_board"),
        ("Code: https://codeberg.org/kettle-lab/pot", "on_code_host"),
        ("Data: https://zenodo.org/records/7", "on_data_host"),
        ("Video: https://youtu.be/pots", "on_demo_host"),
        ("Reviews: https://openreview.net/forum?id=pots", "on_paper_host"),
        (f"We use Pot ({POT}).", "named_just_before"),
        (f"Code is at {POT}.Our pots drip.", "uncertain_end"),
        (f"Code: {POT}", "at_the_end"),
        (f"We use {POT}. " + "Pots drip all day long. " * 9, "early_in_text"),
        (f"Pots drip all day long, see {POT}, in kitchens of all sorts.", "in_mid_text"),
        ("Data: https://huggingface.co/datasets/kettle-lab/pots", "hugging_face_dataset"),
        ("Try https://huggingface.co/spaces/kettle-lab/pots", "hugging_face_space"),
        ("Weights: https://huggingface.co/kettle-lab/pot-7b", "hugging_face_model"),
        ("See https://huggingface.co/papers/2601.90001", "hugging_face_paper"),
        (f"Code: {POT}", "on_github_repository"),
        ("Try https://colab.research.google.com/github/kettle-lab/pot/blob/main/use.ipynb", "opens_notebook"),
    ],
)
def test_a_rule_speaks(text, rule):
    assert rule in cues(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"Our code is based on PyPots and available at {POT}.", "built_on"),
        (f"Pots drip. Code is at {POT}. It is compared with pans.", "compared_with"),
        (f"Pots are data efficient, see {POT}.", "data_words"),
        (f"A pot is better than a pan. Code: {POT}", "compared_with"),
        (f"Recordings and a list of lids are at {POT}.", "cited"),
        (f"Our simulator is public, at {POT}.", "built_on"),
        (f"We thank the maintainers of {POT}.", "we_release"),
        (f"The scripts for the baseline are at {POT}.", "code_of_this_work"),
        (f"Code of the official kind is provided by us at {POT}.", "names_others"),
        (f"The encoded pots are at {POT}.", "code_words"),
        (f"It was written upon the excellent kettle codebase ({POT}).", "code_label"),
        (f"Code that pours, given a kettle, is slow ({POT}).", "code_is_out"),
        (f"See {POT}/tree/main/issues.", "issue_or_pull"),
    ],
)
def test_a_rule_keeps_silent(text, rule):
    assert rule not in cues(text)


@pytest.mark.parametrize("place", ["title", "listing"])
def test_titles_and_listings_speak_by_their_place(place):
    assert f"in_{place}" in cues(f"Our code: {POT}", place)
    assert "our_code" not in cues(f"Our code: {POT}", place)


def test_every_rule_has_weights_and_every_kind_of_link_a_rule():
    weighed = set(role_weights()["rule"])
    assert weighed == rule_descriptions().keys(), "run `python -m benchmarks.link_roles --fit`"
    assert {f"on_{kind}" for kind in LINK_KINDS} <= rule_descriptions().keys()
    assert {"always", "page_furniture", "many_papers", "issue_or_pull", "our_code"} <= weighed


def test_patterns_do_not_backtrack_for_ever():
    text = f"our code {'is we use it and ' * 3000} {POT} {'then we use code ' * 3000}"
    assert cues(text)


@pytest.mark.parametrize(("path", "least"), [(benchmark.FITTED, 390), (benchmark.HELD_OUT, 250)])
def test_the_labelled_links_are_many_different_and_invented(path, least):
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= least
    assert len({(row["title"], row["text"], row["url"]) for row in rows}) == len(rows)
    assert {row["role"] for row in rows} == set(LINK_ROLES)


@pytest.fixture(scope="module")
def held_out():
    return benchmark.judge(benchmark.labelled(benchmark.HELD_OUT))


@pytest.mark.parametrize("path", [benchmark.FITTED, benchmark.HELD_OUT])
def test_every_labelled_link_is_found(path):
    with path.open(encoding="utf-8", newline="") as file:
        assert benchmark.labelled(path).height == sum(1 for _ in csv.DictReader(file))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (f"On Pots,abstract,Code: {POT},{POT}s,official_code,,why", f"row 2: expected '{POT}s' once"),
        (f"On Pots,abstract,Code: {POT},{POT},official,,why", "row 2: expected a role of .* found 'official'"),
        (f"On Pans,abstract,Code: {POT},{POT},mention,,why", "row [12]: expected .* labelled by another row"),
    ],
)
def test_a_labelled_row_that_teaches_nothing_is_named(tmp_path, rows, told):
    path = tmp_path / "labels.csv"
    first = f"On Pans,abstract,Code: {POT},{POT},official_code,,why"
    path.write_text(f"title,place,text,url,role,listing_url,why\n{first}\n{rows}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=told):
        benchmark.labelled(path)


def test_the_fit_learns_no_weight_against_what_a_rule_says():
    """However often the labels say so: the weights of other rules have to tell the difference."""
    labels = pl.DataFrame({"evidence": [["code_label"]] * 40, "wanted": ["built_on"] * 40})
    weights = {row["rule"]: row for row in benchmark.fit(labels, 0.01).to_dicts()}
    assert weights["code_label"]["built_on"] == 0
    assert weights["code_label"]["official_code"] >= 0
    assert weights["always"]["built_on"] > 1


PLAIN = [
    "Code at {}",
    "Source code is given at: {}",
    "Ours, with the plans, is at {}.",
    "Code: {}",
    "Our code is at {}.",
]


def judged(cues, title="On Drips"):
    row = {"paper_id": "a", "title": title, "url": POT, "repository": "kettle-lab/pot", "is_furniture": False}
    links = add_paper_cues(pl.DataFrame([{**row, "cues": sorted(cues)}]))
    roles = judge_roles(links["evidence"]).select("role", "confidence")
    return pl.concat([links, roles], how="horizontal")


@pytest.mark.parametrize("said", PLAIN)
def test_a_plain_statement_names_the_repository(said):
    links = judged(cues(f"Pots drip. {said.format(POT)}"))
    assert links.select(is_surely_own()).item(), links.to_dicts()


@pytest.mark.parametrize(
    "said", ["Their code is at {}.", "We use the code at {}.", "The baseline's code is given at {}."]
)
def test_a_plain_statement_about_others_names_none(said):
    assert not judged(cues(f"Pots drip. {said.format(POT)}")).select(is_surely_own()).item()


def test_the_listing_button_is_official_whatever_the_repository_is_called():
    links = judged(cues("https://github.com/kettle-lab/pot-bench", "listing") | {"in_listing"})
    assert "name_of_data" in links["evidence"].item()
    assert links.select(is_surely_own()).item(), links.to_dicts()


def test_confidence_means_what_it_says_on_links_held_out(held_out):
    """Each range of confidence with enough links to tell is right about as often as it says."""
    ranges = benchmark.calibration(held_out).filter(pl.col("n_labelled") >= 20, pl.col("least") >= 0.5)
    assert ranges.height >= 4
    for row in ranges.iter_rows(named=True):
        assert abs(row["right_share"] - row["confidence"]) < 0.12, row
    sure = held_out.filter(pl.col("confidence") >= 0.85)
    assert sure.height > 80
    assert sure["is_right"].mean() >= 0.9


def test_roles_of_links_held_out_are_right(held_out):
    assert held_out["is_right"].mean() >= 0.78
    n_named, precision, _ = benchmark.named_repositories(held_out)
    assert n_named >= 70
    assert precision >= 0.94
