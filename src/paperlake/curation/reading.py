"""What people wrote beside the dumps, as one run knows it: notes, corrections, aliases, judgements and retractions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from paperlake.curation.aliases import Alias, read_aliases, recall_aliases, resolve_aliases
from paperlake.curation.corrections import Correction, place_corrections, read_corrections, recall_corrections
from paperlake.curation.folder import CURATED_FILES, FOLDER, check_folder
from paperlake.curation.judgements import Judgement, read_judgements, recall_judgements
from paperlake.curation.retractions import Retraction, place_retractions, read_retractions, recall_retractions
from paperlake.dump_notes import DumpNote, read_notes
from paperlake.dumps import Dump
from paperlake.errors import CorrectionError

Written = Mapping[str, dict[str, str | None]]
_HEAD = 16
"""Digits of a sha256 that the ids of a dump's appearances begin with."""
Repairs = tuple[list[tuple[str, int, str, str, str]], dict[str, str], list[tuple[str, str, str]], list[str]]
"""What corrections, aliases, judgements and retractions do, in an order of its own."""


@dataclass(frozen=True, slots=True)
class Curation:
    """Notes on dumps, corrections, aliases, judgements and retractions; empty where nobody wrote any."""

    notes: Mapping[str, DumpNote] = field(default_factory=dict)
    """By path, of the dumps whose files are there."""
    written: Written = field(default_factory=dict)
    """The same as JSON has them, by `dump_id`, of dumps whose files are gone, too."""
    corrections: tuple[Correction, ...] = ()
    aliases: tuple[Alias, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    """Each with the sha256 of its dump."""

    @property
    def repairs(self) -> Repairs:
        """What people's entries do, whatever their reasons: where this is the same, so are the tables."""
        return (
            sorted(correction.effect for correction in self.corrections),
            resolve_aliases(self.aliases),
            sorted(judgement.effect for judgement in self.judgements),
            sorted(retraction.dump for retraction in self.retractions),
        )

    def moved_since(self, before: "Curation") -> list[str]:
        """Old and new names, in lower case, of the repositories whose aliases are others than before."""
        steps = set(resolve_aliases(before.aliases).items()) ^ set(resolve_aliases(self.aliases).items())
        return sorted({name.lower() for step in steps for name in step})

    def overruled_since(self, before: "Curation") -> tuple[list[Judgement], list[Retraction]]:
        """Judgements and retractions that were written, changed or removed since."""
        judged = {one.effect for one in before.judgements} ^ {one.effect for one in self.judgements}
        taken_back = {one.dump for one in before.retractions} ^ {one.dump for one in self.retractions}
        return (
            [one for one in (*self.judgements, *before.judgements) if one.effect in judged],
            [one for one in (*self.retractions, *before.retractions) if one.dump in taken_back],
        )

    def without(self, dump_ids: Collection[str]) -> "Curation":
        """The same but for what speaks of some dumps."""
        return replace(
            self,
            written={dump_id: note for dump_id, note in self.written.items() if dump_id not in dump_ids},
            corrections=tuple(one for one in self.corrections if one.dump_id not in dump_ids),
            judgements=tuple(one for one in self.judgements if not _speaks_of(one, dump_ids)),
            retractions=tuple(one for one in self.retractions if one.dump not in dump_ids),
        )

    def as_facts(self) -> dict[str, Any]:
        """It as a manifest has it."""
        return {
            "notes": dict(self.written),
            "corrections": [correction.as_dict() for correction in self.corrections],
            "aliases": [alias.as_dict() for alias in self.aliases],
            "judgements": [judgement.as_dict() for judgement in self.judgements],
            "retractions": [retraction.as_dict() for retraction in self.retractions],
        }


def read_curation(
    raw: Path,
    found: Sequence[Dump],
    known: Iterable[tuple[str, str]],
    kept: Written,
    layouts: Sequence[str],
    left: Sequence[Dump] = (),
) -> Curation:
    """What people wrote in the raw folder.

    Args:
        raw: folder of dumps.
        found: the dumps in it.
        known: path and `dump_id` of the dumps of the store.
        kept: what they wrote before, by `dump_id`: of dumps whose files are gone it stays.
        layouts: names of the layouts.
        left: dumps that a later run will read: what speaks of them alone is no fault, and counts only then.

    Raises:
        SettingsError: `dumps.toml` cannot be used.
        CorrectionError: a file in `curation` cannot be used, or has a name that nobody reads, or a retraction names no
            dump.
    """
    check_folder(raw)
    notes = read_notes(raw, {dump.path for dump in (*found, *left)}, layouts)
    paths = [*known, *((dump.path, dump.dump_id) for dump in found)]
    named = {name for dump in paths for name in dump} if left else set()
    unread = [(dump.path, dump.dump_id) for dump in left if named.isdisjoint((dump.path, dump.dump_id))]
    curation = Curation(
        notes,
        _by_dump(found, notes, kept),
        place_corrections(read_corrections(raw), [*paths, *unread]),
        read_aliases(raw),
        read_judgements(raw),
        tuple(place_retractions(read_retractions(raw), [*paths, *unread]).values()),
    )
    return curation.without({dump_id for _, dump_id in unread})


def check_kept(raw: Path, before: Curation) -> None:
    """Nothing, when every file is there whose entries the release before was made with.

    A folder that is not mounted must not undo what people decided: papers would part, and get other ids for ever.

    Raises:
        CorrectionError: one is gone; a file without entries takes them all back.
    """
    entries = (before.corrections, before.aliases, before.judgements, before.retractions)
    faults = [
        f"{name}: expected the file whose {len(those)} entries the newest release has, found none. Bring it back, or "
        "put an empty file there to take all of them back."
        for name, those in zip(CURATED_FILES, entries, strict=True)
        if those and not (raw / FOLDER / name).exists()
    ]
    if faults:
        raise CorrectionError(FOLDER, faults)


def recall_curation(facts: Mapping[str, Any]) -> Curation:
    """What people had written when a release was made, from the facts of its manifest."""
    return Curation(
        written=facts.get("notes", {}),
        corrections=recall_corrections(facts.get("corrections", ())),
        aliases=recall_aliases(facts.get("aliases", ())),
        judgements=recall_judgements(facts.get("judgements", ())),
        retractions=recall_retractions(facts.get("retractions", ())),
    )


def _speaks_of(judgement: Judgement, dump_ids: Collection[str]) -> bool:
    heads = {dump_id[:_HEAD] for dump_id in dump_ids}
    return any(name.partition(":")[0] in heads for name in (judgement.left, judgement.right))


def _by_dump(found: Sequence[Dump], notes: Mapping[str, DumpNote], kept: Written) -> Written:
    ids = {dump.dump_id for dump in found}
    now = {dump.dump_id: notes[dump.path].as_dict() for dump in found if dump.path in notes}
    return {dump_id: note for dump_id, note in kept.items() if dump_id not in ids} | now
