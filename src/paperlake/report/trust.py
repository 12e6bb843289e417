"""Whether to trust a release: what was checked before publishing, and its figures beside those of earlier ones."""

from paperlake.report.charts import draw, lines
from paperlake.report.section import Chart, Column, Grid, Section
from paperlake.report.view import View

_SHARES = {"abstract_share": "abstracts", "reject_share": "rejects"}
_FIGURES = {
    "n_papers": Column("papers", "number"),
    "n_appearances": Column("appearances", "number"),
    "abstract_share": Column("with abstract", "share"),
    "reject_share": Column("rejected", "share"),
    "links_per_paper": Column("links per paper", "number"),
    "most_frequent_url_share": Column("on one URL", "share"),
    "most_frequent_repository_share": Column("on one repository", "share"),
}
_LEAST_FOR_A_LINE = 2


def trust_section(view: View) -> Section:
    """Gates, and figures over the last releases."""
    accepted = [gate["gate"] for gate in view.facts.get("gates", []) if gate["is_accepted"]]
    told = f"A person let pass: {', '.join(accepted)}." if accepted else "Every gate was passed."
    sentences = (told, "“paperlake verify” checks the sha256 of every file; the manifest has them.")
    charts = _charts(view) if len(view.earlier) + 1 >= _LEAST_FOR_A_LINE else ()
    return Section("trust", "Gates and quality", sentences, charts, (_gates(view), _releases(view)))


def _gates(view: View) -> Grid:
    rows = [(gate["gate"], _verdict(gate), gate["finding"]) for gate in view.facts.get("gates", [])]
    return Grid("Gates before publishing", (Column("gate"), Column("verdict"), Column("finding", "text")), rows)


def _verdict(gate: dict[str, object]) -> str:
    return "passed" if gate["passed"] else "accepted by a person" if gate["is_accepted"] else "failed"


def _charts(view: View) -> tuple[Chart, ...]:
    rows = [*((one.version, one.quality) for one in view.earlier), (view.release, view.facts.get("quality", {}))]
    papers = [{"release": str(version), "n": figures["n_papers"]} for version, figures in rows if "n_papers" in figures]
    shares = [
        {"release": str(version), "share": figures[name], "figure": words}
        for version, figures in rows
        for name, words in _SHARES.items()
        if name in figures
    ]
    columns = (Column("release"), Column("papers", "number"))
    grid = Grid("Papers by release", columns, [(one["release"], one["n"]) for one in papers])
    said = f"From {papers[0]['n']:,} to {papers[-1]['n']:,} papers over {len(papers)} releases." if papers else ""
    of_shares = Grid(
        "Shares by release",
        (Column("release"), Column("figure"), Column("share", "share")),
        [(one["release"], one["figure"], one["share"]) for one in shares],
    )
    says = "The share of papers that have an abstract, and of records that were rejected."
    return (
        Chart("Papers by release", said, draw(lines(papers, "release", "n")), grid),
        Chart(
            "Shares by release", says, draw(lines(shares, "release", "share", by="figure", is_share=True)), of_shares
        ),
    )


def _releases(view: View) -> Grid:
    """This release and those before it, the newest first."""
    rows = [(view.release, None, "this one", *_figures(view.facts.get("quality", {})), _accepted_here(view))]
    rows += [
        (one.version, one.time[:10], one.operation, *_figures(one.quality), ", ".join(one.accepted))
        for one in reversed(view.earlier)
    ]
    columns = (
        Column("release", "number"),
        Column("day", "day"),
        Column("made by"),
        *_FIGURES.values(),
        Column("accepted"),
    )
    return Grid("The last releases", columns, rows)


def _figures(quality: object) -> list[float | None]:
    known = quality if isinstance(quality, dict) else {}
    return [known.get(name) for name in _FIGURES]


def _accepted_here(view: View) -> str:
    return ", ".join(gate["gate"] for gate in view.facts.get("gates", []) if gate["is_accepted"])
