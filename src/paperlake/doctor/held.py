"""Candidates that gates hold: while one waits for a person, the store stands still."""

from paperlake.doctor.finding import Finding
from paperlake.errors import PaperlakeError
from paperlake.release.commits import find_head
from paperlake.release.held_folder import list_held
from paperlake.settings import Settings
from paperlake.shown_text import counted
from paperlake.stores import open_store


def check_held(settings: Settings) -> Finding:
    """Whether a candidate waits that could be published; older ones, and those of another release, are none."""
    try:
        head = find_head(open_store(settings.store))
    except PaperlakeError:  # the store is told apart
        return Finding("held candidates", True, "not looked at: the store cannot be read")
    waiting = [one for one in list_held(settings.work) if one.why_not(head) is None]
    if not waiting:
        return Finding("held candidates", True, "none that waits")
    gates = ", ".join(waiting[0].failing)
    message = f"expected none, found {counted(len(waiting), 'candidate')}, the newest held by {gates}"
    remedy = f"Look at it: `paperlake held show {waiting[0].id} --store {settings.store}`; then publish it, or drop it."
    return Finding("held candidates", False, message, remedy)
