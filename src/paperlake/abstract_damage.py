"""Damage that cleaning leaves in an abstract: how it is recognised. What is not certain is not repaired, only named."""

import polars as pl

from paperlake.text.mojibake import DAMAGE
from paperlake.text_columns import ascii_edges

# Greek names only where they stand as a symbol: "gamma rays" and "beta version" are English, as is what _NAMED holds.
_MATH = ascii_edges(
    r"(?:^|[^\\A-Za-z])(?:math(?:cal|bb|bf|rm|frak)|infty|(?:varepsilon|varphi|sqrt|leq|geq|circ)(?:[^A-Za-z]|$))"
    r"|left[(\[{]|(?:^|[^\\A-Za-z])(?:sum|prod|int)_|[}\]|] ?right[)\]|]|\b[A-Za-z]_[A-Za-z0-9]\b|\}_|_\{|\^"
    r"|\{[=<>+,·-]|\d(?:pm|leq|geq|le|ge)\d|\\[A-Za-z]"
    r"|(?:^|[\s(=,])(?:tau|rho|theta|phi|psi|xi|nu|eta|zeta|epsilon|mu)(?:[\s),;=]|\.(?:\s|$)|$|[²³])"
    r"|(?:^|[\s(])(?:alpha|beta|gamma|delta|kappa|lambda|sigma|omega|pi)(?: ?[=<>≤≥≈∼²³]|_\{| in [(\[])"
)
_NAMED = ascii_edges(
    r"(?:[a-z](?:['’]s|s['’])|\b(?:Cohen|Fleiss|Cronbach|Krippendorff|Kendall|Spearman))"
    r" (?:kappa|alpha|tau|rho|eta|phi)\b"
    r"|\b(?:theta|mu|tau|rho|phi|eta) (?:oscillat|rhythm|wave|band|activit|phase|power|cycl|frequenc|sequence|burst"
    r"|protein|patholog|tangle|aggregat|lepton|neutrino|meson|receptor|opioid|coefficient)"
)
_ADDRESS = r"(?:https?://|www\.|github\.com/)\S+"
_CUT = r"(?:…|\.\.\.|\[truncated\]) ?(?:[)\]]|\(?truncated\)?|(?:[Rr]ead |[Ss]ee |[Ss]how )?[Mm]ore)?$"
_ENGLISH = ascii_edges(r"\b[Tt]he\b.*\b(?:of|and|to)\b.*\b(?:the|is|we|in)\b")
_FOREIGN_WORDS = (
    "los|las|una|del|para|por|que|como|une|les|aux|des|dans|pour|avec|und|das|eine|nicht|ist|mit|für|uma|não|dos|gli|della"
    "|sono|che|het|een|niet|yang|dan|untuk|dengan|bir|için"
)
_FOREIGN_LETTERS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}"
_SPACED_LETTERS = r"\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Thai}"
_FOREIGN = ascii_edges(
    rf"[{_FOREIGN_LETTERS}]{{10}}|(?:[{_SPACED_LETTERS}]+[\s,.]+){{5}}|(?: (?:{_FOREIGN_WORDS})\b.*){{4}}"
)
_CITATION = r"(?:^|[\s(\[,;])[a-z]{2,}(?:19|20)\d\d[a-z]{2,}(?:[\s.,;)\]]|$)|[a-z]-etal-(?:19|20)\d\d|\\cite|DBLP:"
_GLUE = ascii_edges(
    r"\b[a-z]{2,}(?:ing|tion|ment|ness)(?:of|the|and|with|from)\b|\ba(?:range|set|series|variety) of\b"
    r"|\b(?:of|in|to|on|for|and|from|with|by|that|as|at|is)the\b"
    r"|\b[A-Za-z][a-z]+-(?:cessing|tion|tions|ments?|sions?|tive|tives|ture|tures|ity|ble|ness|ance|ence)\b"
)
# A word torn at the end of a line, unless it is the first of a pair: "open- and closed-source".
_TORN = r"[a-z]- [a-z]"
_PAIRED = ascii_edges(r"[a-z]- (?:and|or|nor|to|but|vs|versus|through|as|than|rather|instead|then)\b")
# A dollar that marks no price.
_NO_PRICE = r"\$(?:[^0-9 .]|[ .][^0-9]|[ .]?$)"
_LONE_DOLLAR = rf"(?:^|[^0-9]){_NO_PRICE}"
# Any of them: most abstracts have none, and are read once instead of nine times.
_SUSPECT = rf"{_MATH}|{_CUT}|{_CITATION}|{_GLUE}|{_TORN}|{_LONE_DOLLAR}|{DAMAGE}|{_FOREIGN}"


def name_damage(abstracts: pl.Series) -> pl.Series:
    """List(String), sorted names of the damage in each abstract; empty where there is none, or no abstract.

    Args:
        abstracts: structs of `raw` as read and `text` cleaned.
    """
    rows = abstracts.struct.unnest().with_row_index("row")
    named = rows.filter(pl.col("text").str.contains(_SUSPECT)).select("row", names=_names())
    found = rows.select("row").join(named, on="row", how="left", maintain_order="left")
    return found.select(pl.col("names").fill_null(pl.lit([], dtype=pl.List(pl.String)))).to_series()


def _names() -> pl.Expr:
    raw, text = pl.col("raw"), pl.col("text")
    prose = text.str.replace_all(_ADDRESS, " ")
    tests = {
        "abstract_truncated": text.str.contains(_CUT) & ~text.str.contains(r"(?:://|www\.)\S*$"),
        "bilingual": text.str.contains(_FOREIGN) & text.str.contains(_ENGLISH),
        "citation_keys": prose.str.contains(_CITATION),
        "glued_words": prose.str.contains(_GLUE) | (prose.str.count_matches(_TORN) > prose.str.count_matches(_PAIRED)),
        "math_damaged": prose.str.replace_all(_NAMED, " ").str.contains(_MATH),
        "mojibake": prose.str.contains(DAMAGE),
        "unbalanced_math": text.str.count_matches(_LONE_DOLLAR) > raw.str.count_matches(rf"\\{_NO_PRICE}"),
    }
    names = [pl.when(test).then(pl.lit(name)) for name, test in tests.items()]
    return pl.concat_list(names).list.drop_nulls()
