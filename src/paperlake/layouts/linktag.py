"""linktag: text of the trending page with links as `[LINK: text](address)`; headings are no links, ids are not shown.

Every paper stands twice, since the page renders a narrow and a wide card; each is an appearance of its own.
"""

from collections.abc import Sequence

from paperlake.layouts.cards import gather
from paperlake.layouts.layout import Recognition
from paperlake.layouts.markdown import read_markdown
from paperlake.layouts.markdown_dialect import Dialect
from paperlake.layouts.signature import PLAIN_HEADINGS, TAGGED_LINKS, recognise_marks
from paperlake.records import Piece

_DIALECT = Dialect("paragraph")
_ORDER = ("submitter", "title", "abstract", "authors|organisation", "published", "upvotes", "github", "arxiv")


def recognise(lines: Sequence[str]) -> Recognition:
    """Whether headings are no links, and links are written `[LINK: text](address)`."""
    return recognise_marks(lines, {**PLAIN_HEADINGS, **TAGGED_LINKS})


def split(lines: Sequence[str]) -> list[Piece]:
    """The blocks of a linktag dump."""
    return gather(read_markdown(lines, _DIALECT), _ORDER, is_strict=True)
