"""Why a rebuilt release may differ from the published one, from what the store recorded: of facts, not of guesses."""

from collections.abc import Iterator, Sequence

from paperlake.curation.reading import Curation, recall_curation
from paperlake.release.reading import Commit, Release
from paperlake.release.taken_back import is_rollback
from paperlake.schemas import CONTRACT_VERSION
from paperlake.settings import Settings
from paperlake.work import rules_version

_REPAIRS = ("corrections", "aliases", "judgements", "retractions")
_UNEXPLAINED = (
    "nothing that the store recorded explains it: the release was made or changed by hand, a library decides "
    "otherwise than it did, or it is a bug of ours"
)


def find_reasons(release: Release, commits: Sequence[Commit], curation: Curation, settings: Settings) -> list[str]:
    """What differs between then and now; where nothing does, that.

    Args:
        release: as it was published.
        commits: of all releases of its store.
        curation: what people wrote, as of now.
        settings: whose limits were used now.
    """
    reasons = [
        *_other_contract(release),
        *_other_rules(release, commits),
        *_other_input(release, curation, settings),
        *_turns(commits),
    ]
    return reasons or [_UNEXPLAINED]


def _other_contract(release: Release) -> Iterator[str]:
    version = release.manifest["contract"]["version"]
    if version != CONTRACT_VERSION:
        yield f"release {release.version} keeps contract {version}, this paperlake {CONTRACT_VERSION}"


def _other_rules(release: Release, commits: Sequence[Commit]) -> Iterator[str]:
    """A dump is read once, so the rules of every release may have left their mark."""
    rules = {commit.version: commit.facts.get("code_revision") for commit in commits}
    rules[release.version] = release.manifest["facts"].get("rules_version")
    others = [version for version, one in rules.items() if one != rules_version()]
    if others:
        made = f"release(s) {', '.join(map(str, others))} were made by other rules than today's ({rules_version()})"
        yield f"{made}; a build reads a dump once, by the rules of its day"


def _other_input(release: Release, curation: Curation, settings: Settings) -> Iterator[str]:
    facts = release.manifest["facts"]
    if facts["limits"] != settings.limits:
        changed = [name for name, limit in settings.limits.items() if facts["limits"].get(name) != limit]
        yield f"limits are others than then: {', '.join(changed)}"
    then = recall_curation(facts)
    names = [name for name, old, new in zip(_REPAIRS, then.repairs, curation.repairs, strict=True) if old != new]
    if then.written != curation.written:
        names.append("notes in dumps.toml")
    if names:
        yield f"people wrote since: {', '.join(names)}; `paperlake build` publishes what that changes"


def _turns(commits: Sequence[Commit]) -> Iterator[str]:
    """Steps after which a store holds what one build would not."""
    for commit in commits:
        if is_rollback(commit):
            yield f"release {commit.version} rolled back to release {commit.facts['of']}"
