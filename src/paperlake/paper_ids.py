"""Finds the ids by which the world knows a paper: arXiv ids and DOIs."""

import re

# Source: arXiv's own scheme: YYMM.NNNN from April 2007, five digits from January 2015, `archive/YYMMNNN` before.
NEW_ARXIV_ID = r"(?:(?:0[7-9]|1[0-4])(?:0[1-9]|1[0-2])\.\d{4}|(?:1[5-9]|[2-9]\d)(?:0[1-9]|1[0-2])\.\d{5})"
"""Pattern of an id of today's scheme: a number with a digit too few was cut."""
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|"
    "dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|"
    "plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_OLD_ID = rf"(?P<archive>{_ARCHIVES})(?:\.[A-Z]{{2}})?/(?P<number>\d{{2}}(?:0[1-9]|1[0-2])\d{{3}})"
_ID = rf"(?:(?P<new>{NEW_ARXIV_ID})|{_OLD_ID})(?:v\d+)?(?!\d|\.\d|v\d)"

_HOSTS = r"(?:arxiv\.org|alphaxiv\.org|ar5iv\.org|ar5iv\.labs\.arxiv\.org)/(?:[a-z-]+/){1,2}"
_PAPER_PAGES = r"(?:huggingface|hf)\.co(?:/papers/|/login\?next=%2Fpapers%2F)"
_ANNOUNCED = rf"(?:{_HOSTS}|{_PAPER_PAGES}|(?<![a-z])arxiv\s?[:.]\s?)"
_ARXIV = re.compile(rf"{_ANNOUNCED}{_ID}", re.IGNORECASE)
_BARE_ARXIV = re.compile(rf"\s*{_ID}\s*", re.IGNORECASE)

# Source: Crossref's pattern for modern DOIs; it asks for four to nine digits in the prefix.
_DOI = re.compile(r"(?<![\d.])10\.\d{4,9}/(?=[a-z0-9(])[-._;()/:a-z0-9]*[a-z0-9)]", re.IGNORECASE)


def find_arxiv_id(text: str) -> str | None:
    """The first arXiv id in a text, without its version; None when there is none.

    An id is believed inside a URL of arXiv, its readers or Hugging Face, after `arXiv:`, or when it is the whole text:
    in prose a bare `2601.90001` is only a number.

    >>> find_arxiv_id("https://arxiv.org/pdf/2601.90001v2.pdf")
    '2601.90001'
    >>> find_arxiv_id("see https://hf.co/papers/2601.90002#community")
    '2601.90002'
    >>> find_arxiv_id("cs/0112017v1")
    'cs/0112017'
    >>> find_arxiv_id("a loss of 2601.90001 in all") is None
    True
    """
    found = _BARE_ARXIV.fullmatch(text) or _ARXIV.search(text)
    if found is None:
        return None
    return found["new"] or f"{found['archive'].lower()}/{found['number']}"


def find_doi(text: str) -> str | None:
    """The first DOI in a text, in lower case, because DOIs do not tell cases apart; None when there is none.

    >>> find_doi("https://doi.org/10.5555/Kettle.2026.(7).")
    '10.5555/kettle.2026.(7)'
    >>> find_doi("(doi:10.5555/kettle)")
    '10.5555/kettle'
    """
    found = _DOI.search(text)
    return _close_brackets(found[0].lower()) if found else None


def _close_brackets(doi: str) -> str:
    """The DOI without closing brackets that it never opened: those belong to the sentence."""
    while doi.endswith(")") and doi.count(")") > doi.count("("):
        doi = doi[:-1].rstrip("-._;(/:")
    return doi
