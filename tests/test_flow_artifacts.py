"""What Prefect's pages show of a build: rows and what moved, gates, rejects, the slowest stage, the release."""

from dataclasses import replace

import pytest

from paperlake.build_report import BuildReport
from paperlake.stage_log import Stage

REPORT = BuildReport(
    version=3,
    release="v000003-abc",
    location="/data/store/releases/v000003-abc",
    is_new=True,
    fingerprint="f" * 64,
    n_dumps_new=2,
    counts={"papers": 1_203, "links": 50},
    rejected_dumps=[{"path": "late.txt", "reason": "no_papers"}],
    gates=[
        {"gate": "has_papers", "passed": True, "is_accepted": False, "finding": "found 1,203"},
        {"gate": "papers_shrink", "passed": False, "is_accepted": True, "finding": "found fewer"},
    ],
    counts_before={"papers": 1_200, "links": 60},
    rejects={"missing_abstract": 7},
)


@pytest.fixture
def text() -> str:
    from flows.artifacts import build_markdown

    return build_markdown(REPORT, [Stage("extract", 2.0), Stage("resolve", 5.5)])


@pytest.mark.parametrize(
    "line",
    [
        "# Release 3 published",
        "| papers | 1,203 | +3 |",
        "| links | 50 | -10 |",
        "- passed: has_papers: found 1,203",
        "- accepted: papers_shrink: found fewer",
        "- missing_abstract: 7",
        "- `late.txt`: no_papers",
        "Slowest stage: resolve, 5.5 of 7.5 s.",
        "[Its page](file:///data/store/releases/v000003-abc/report.html): `paperlake report 3 --open`",
    ],
)
def test_the_page_has(text, line):
    assert line in text


def test_the_page_of_a_release_in_a_bucket_is_linked_there():
    from flows.artifacts import build_markdown

    text = build_markdown(replace(REPORT, location="s3://bucket/store/releases/v000003-abc"), [])
    assert "[Its page](s3://bucket/store/releases/v000003-abc/report.html)" in text


def test_a_build_without_news_says_so():
    from flows.artifacts import build_markdown

    quiet = replace(REPORT, is_new=False, rejects={}, rejected_dumps=[])
    text = build_markdown(quiet, [])
    assert "# Release 3 unchanged" in text
    assert text.count("- none") == 3


def test_an_asset_has_the_address_of_the_store(tmp_path):
    from flows.assets import release_asset

    assert release_asset("s3://bucket/prefix").key == "s3://bucket/prefix"
    assert release_asset(tmp_path / "my papers").key == f"file://{tmp_path}/my_papers"
