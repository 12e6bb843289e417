"""What the path of a Hugging Face address says that its page is."""

import re

HUGGING_FACE_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_PAPER = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
# Source: the site's own sections; none of them is the name of a user or an organisation.
_SECTIONS = (
    "account blog brand buckets changelog chat collections contribute course courses datasets docs enterprise "
    "favicon.ico front huggingface-hub inference inference-endpoints jobs join kernels languages learn leaderboards "
    "login logout metrics models new notifications oauth organizations papers playground posts pricing privacy search "
    "settings spaces storage support tasks terms-of-service topics users"
)
_TABS = "activity collections datasets followers following likes models papers posts spaces"
_NO_OWNERS = frozenset(_SECTIONS.split())
_NO_MODELS = frozenset(_TABS.split())


def find_hub_page(host: str, rest: str) -> str | None:
    """`model`, `dataset`, `space`, `paper` or `collection`; None for any other page.

    >>> find_hub_page("huggingface.co", "/kettle-lab/drip-7B/tree/main"), find_hub_page("hf.co", "/papers/2601.90001")
    ('model', 'paper')
    >>> find_hub_page("huggingface.co", "/kettle-lab") is None
    True
    """
    if host.endswith(".hf.space"):
        return "space"
    if host not in HUGGING_FACE_HOSTS:
        return None
    segments = [segment for segment in re.split(r"[?#]", rest, maxsplit=1)[0].split("/") if segment]
    if segments[:1] == ["api"]:
        segments = segments[2:] if segments[1:2] == ["models"] else segments[1:]
    return _name_page(segments) if len(segments) > 1 else None


def _name_page(segments: list[str]) -> str | None:
    first, second, *below = segments
    if first == "datasets":
        return "dataset"
    if first in ("spaces", "collections"):
        return first[:-1] if below else None
    if first == "papers":
        return "paper" if _PAPER.fullmatch(second) else None
    return None if first in _NO_OWNERS or second in _NO_MODELS else "model"
