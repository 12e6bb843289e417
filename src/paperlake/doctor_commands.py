"""`paperlake doctor`: what may be wrong, and what to do about it."""

import typer

from paperlake.commands import RAW, STORE, Json, Raw, Store, exits, out
from paperlake.console import print_json
from paperlake.doctor.examination import examine
from paperlake.doctor.finding import Finding
from paperlake.settings import Settings


@exits
def doctor(raw: Raw = RAW, store: Store = STORE, as_json: Json = False) -> None:
    """Check versions, folders, the store's promises, disk, clock and Prefect, and say what to do about each."""
    findings = examine(Settings.given(raw, store))
    if as_json:
        print_json([finding.as_dict() for finding in findings])
    else:
        for finding in findings:
            _print_finding(finding)
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(1)


def _print_finding(finding: Finding) -> None:
    said = f"{'ok  ' if finding.is_ok else 'FAIL'} {finding.subject}: {finding.message}"
    remedy = "" if finding.is_ok or not finding.remedy else f"\n     {finding.remedy}"
    out.print(said + remedy, markup=False, highlight=False, soft_wrap=True)
