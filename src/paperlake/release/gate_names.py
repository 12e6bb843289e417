"""Names of the gates, for who lets one pass: `gates` itself is imported only where there is a candidate."""

from paperlake.errors import SettingsError

GATES = (
    "has_papers", "counts_add_up", "reject_share", "page_furniture", "one_repository", "layout_drift", "papers_shrink",
    "abstract_share", "links_per_paper", "rollback_stands",
)  # fmt: skip


def check_gate_names(accepted: tuple[str, ...]) -> None:
    """Nothing, when every name is that of a gate.

    Raises:
        SettingsError: with the names there are.
    """
    for name in accepted:
        if name not in GATES:
            raise SettingsError("accept", name, f"one of {', '.join(GATES)}", "A held build names its gate.")
