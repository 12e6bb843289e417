"""All documents beside the data of a release, by file name."""

from collections.abc import Mapping, Sequence
from typing import Any

from paperlake.frames import Frames
from paperlake.release.card import card_text
from paperlake.release.contract import CONTRACT_FILE, contract_text
from paperlake.release.croissant import croissant_text
from paperlake.release.datapackage import datapackage_text
from paperlake.release.dataset_facts import Parts, find_licence
from paperlake.report import PAGE
from paperlake.report.earlier import Earlier
from paperlake.report.page import page_text
from paperlake.report.view import View


def make_documents(
    tables: Frames,
    facts: Mapping[str, Any],
    release: int,
    earlier: Sequence[Earlier],
    parts: Parts,
    fingerprint: str,
) -> dict[str, str]:
    """File name to text; the same release, the same texts.

    Args:
        tables: all nine, in memory or scanned.
        facts: what the manifest says beside tables and files.
        release: number of the release.
        earlier: the releases before it, as far as its page compares with them, the newest last.
        parts: files of each table, as they were written.
        fingerprint: of the content.
    """
    licence = find_licence(tables["dumps"].lazy().select("status", "licence").collect())
    return {
        CONTRACT_FILE: contract_text(),
        "datapackage.json": datapackage_text(parts, fingerprint, licence),
        "croissant.json": croissant_text(parts, fingerprint, licence),
        "README.md": card_text(tables, facts, release, fingerprint),
        PAGE: page_text(View(tables, facts, release, fingerprint, earlier)),
    }
