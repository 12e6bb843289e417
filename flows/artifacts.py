"""What Prefect's page of artifacts shows of a build: counts and what moved, gates, rejects, the slowest stage."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from prefect.artifacts import create_markdown_artifact

from paperlake.build_report import BuildReport
from paperlake.shown_text import counted
from paperlake.stage_log import Stage

KEY = "paperlake-build"


def show_build(report: BuildReport, stages: Sequence[Stage]) -> None:
    """Nothing: the page of artifacts shows the build, with those before it."""
    create_markdown_artifact(build_markdown(report, stages), key=KEY, description="What the build published.")


def build_markdown(report: BuildReport, stages: Sequence[Stage]) -> str:
    """A build as Markdown."""
    said = "published" if report.is_new else "unchanged"
    gates = (f"{_verdict(gate)}: {gate['gate']}: {gate['finding']}" for gate in report.gates)
    aside = (f"`{dump['path']}`: {dump['reason']}" for dump in report.rejected_dumps)
    left = (f"`{file['path']}`: {file['reason']}" for file in report.dumps_left)
    rejects = (f"{reason}: {n:,}" for reason, n in report.rejects.items())
    return (
        f"# Release {report.version} {said}\n\n"
        f"{counted(report.n_dumps_new, 'new dump')}. {_slowest(stages)}[Its page]({_link(report.page)}): "
        f"`paperlake report {report.version} --open`\n\n"
        f"| table | rows | change |\n|---|--:|--:|\n{_rows(report)}\n"
        f"\n## Gates\n\n{_list(gates)}\n## Rejects by reason\n\n{_list(rejects)}\n## Dumps set aside\n\n{_list(aside)}"
        f"\n## Files left for the next run\n\n{_list(left)}"
    )


def _link(page: str) -> str:
    """An address that a browser knows: of a file on this disk, or in a bucket."""
    return page if "://" in page else Path(page).absolute().as_uri()


def _rows(report: BuildReport) -> str:
    changes = {name: n_rows - report.counts_before.get(name, 0) for name, n_rows in report.counts.items()}
    return "\n".join(f"| {name} | {n_rows:,} | {changes[name]:+,} |" for name, n_rows in report.counts.items())


def _verdict(gate: dict[str, object]) -> str:
    return "passed" if gate["passed"] else "accepted"


def _slowest(stages: Sequence[Stage]) -> str:
    if not stages:
        return ""
    slowest = max(stages, key=lambda stage: stage.seconds)
    in_all = sum(stage.seconds for stage in stages)
    return f"Slowest stage: {slowest.name}, {slowest.seconds:.1f} of {in_all:.1f} s. "


def _list(lines: Iterable[str]) -> str:
    return "".join(f"- {line}\n" for line in lines) or "- none\n"
