"""What the README shows of roles is what the program says: its calibration table and its example of an explanation."""

import re
from pathlib import Path

import polars as pl
from benchmarks import link_roles as benchmark
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from paperlake.cli import app
from paperlake.report.links import calibration
from tests.conftest import SAMPLES

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
ROLES = README.partition("### Roles of links")[2].partition("### ")[0]


def test_the_calibration_in_the_readme_is_that_of_the_weights():
    shown = re.findall(r"^\| [^|]*\d[^|]* \| (\d+) \| (0\.\d\d) \| (0\.\d\d) \|$", ROLES, re.MULTILINE)
    judged = benchmark.judge(benchmark.labelled(benchmark.HELD_OUT))
    found = benchmark.calibration(judged).select("n_labelled", "confidence", "right_share").rows()
    told = [(str(n), f"{mean:.2f}", f"{right:.2f}") for n, mean, right in found]
    assert shown == told, "put the table of `python -m benchmarks.link_roles` into README, Roles of links"
    n_named, precision, recall = benchmark.named_repositories(judged)
    words = f"{n_named} repositories are named and {precision:.3f} of those rightly, which finds {recall:.3f}"
    assert words in " ".join(ROLES.split())
    assert f"{benchmark.labelled(benchmark.FITTED).height} labelled links" in ROLES


def test_the_calibration_on_the_page_of_a_release_is_that_of_the_weights():
    judged = benchmark.judge(benchmark.labelled(benchmark.HELD_OUT))
    found = benchmark.calibration(judged).with_columns(pl.col("confidence", "right_share").cast(pl.Float64))
    written = calibration().cast({"n_labelled": pl.UInt32})
    assert_frame_equal(written, found, abs_tol=0.001, check_column_order=True)


def test_the_explanation_in_the_readme_is_what_the_command_says(sample_store):
    example = README.partition("$ paperlake explain example-lab/lidnet\n")[2].partition("```")[0]
    passages = [" ".join(passage.split()) for passage in example.split("...\n")]
    said = CliRunner().invoke(
        app, ["explain", "example-lab/lidnet", "--raw", str(SAMPLES), "--store", str(sample_store)]
    )
    output = " ".join(said.stdout.split())
    assert sum(map(bool, passages)) >= 3
    for passage in passages:
        assert passage in output, "put the lines of `paperlake explain example-lab/lidnet` into README"
