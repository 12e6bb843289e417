"""The action and the hook do what they say: their own commands, run as GitHub and pre-commit run them."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / ".github" / "actions" / "paperlake-contract" / "action.yml").read_text())
[HOOK] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"] if "run" in step}
GITHUB = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
MET = "tables: {papers: {paper_id: {required: true}}}"
UNMET = "tables: {papers: {mood: {}}}"
pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path):
    """An empty folder with an expectation that is met and one that is not, under names that want quoting."""
    (tmp_path / "my expectations.yaml").write_text(MET)
    (tmp_path / "$(broken).yaml").write_text(UNMET)
    (tmp_path / "paperlake-expect.yaml").write_text(UNMET)
    return tmp_path


def write_script(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def run_paperlake(path):
    """A `paperlake` that runs this very one."""
    write_script(path, f'exec {shlex.quote(sys.executable)} -m paperlake "$@"')


def run(command, place, **environment):
    known = {name: value for name, value in os.environ.items() if not name.startswith("PAPERLAKE_")}
    return subprocess.run(command, cwd=place, env=known | environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("expect", "against", "code", "said"),
    [
        ("my expectations.yaml", "", 0, "compatible: "),
        ("$(broken).yaml", "", 4, "papers.mood: expected this column, found none."),
        ("my expectations.yaml", "no such.yaml", 1, "no such.yaml has 1 fault(s)"),
        ("", "", 5, "holds no release"),
    ],
)
def test_the_action_checks_what_its_inputs_say(place, expect, against, code, said):
    run_paperlake(place / "paperlake-contract" / "bin" / "paperlake")
    step = STEPS["Check the contract"]
    assert step["env"] == {"EXPECT": "${{ inputs.expect }}", "AGAINST": "${{ inputs.against }}"}
    done = run((*GITHUB, step["run"]), place, RUNNER_TEMP=str(place), EXPECT=expect, AGAINST=against)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done


@pytest.mark.parametrize(("package", "installed"), [("paperlake==0.1.0", "paperlake==0.1.0"), ("", str(ROOT))])
def test_the_action_installs_the_package_that_it_is_told_or_its_own(place, package, installed):
    pip = place / "pip"
    write_script(pip, 'printf "%s\\n" "$@"')
    write_script(place / "python", f'mkdir -p "$3/bin" && cp {shlex.quote(str(pip))} "$3/bin/pip"')
    folder = ROOT / ".github" / "actions" / "paperlake-contract"
    given = {"PYTHON": str(place / "python"), "PACKAGE": package, "GITHUB_ACTION_PATH": str(folder)}
    done = run((*GITHUB, STEPS["Install paperlake"]["run"]), place, RUNNER_TEMP=str(place), **given)
    assert done.returncode == 0, done
    *words, last = done.stdout.splitlines()
    assert words == ["install", "--quiet"]
    assert last == installed if package else Path(last).resolve() == ROOT.resolve()


def test_the_action_names_only_inputs_that_it_has_and_lets_no_input_into_a_command():
    text = (ROOT / ".github" / "actions" / "paperlake-contract" / "action.yml").read_text()
    assert {word.split("}}")[0].strip() for word in text.split("inputs.")[1:]} == set(ACTION["inputs"])
    assert all("${{" not in step["run"] and step["shell"] == "bash" for step in STEPS.values())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (None, 4, "papers.mood: expected this column, found none."),
        (["--expect", "my expectations.yaml"], 0, "compatible: "),
    ],
)
def test_the_hook_checks_what_its_arguments_say(place, arguments, code, said):
    run_paperlake(place / "bin" / "paperlake")
    command = [*shlex.split(HOOK["entry"]), *(HOOK["args"] if arguments is None else arguments)]
    done = run(command, place, PATH=f"{place / 'bin'}:{os.environ['PATH']}")
    assert (done.returncode, said in done.stdout) == (code, True), done
    assert (HOOK["language"], HOOK["pass_filenames"]) == ("python", False)
