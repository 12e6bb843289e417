r"""Abstracts: clean text, keys for comparing, and names for the damage that is left.

Links are taken from the raw text first; addresses inside an abstract keep everything but their LaTeX escapes.
"""

import re
import unicodedata

import polars as pl

from paperlake.latex import outside_addresses, plain_text
from paperlake.text_columns import ascii_edges, fold_blanks, fold_letters, nfc, null_if_empty, repair_where

# What a sentence opens with. A general rule for `word.Word` would split `torch.Tensor` and `Chart.JS`.
_OPENERS = (
    "The|This|These|Those|That|There|Then|Thus|Therefore|They|Their|To|Towards|We|With|Without|When|While|Whereas|What|"
    "Which|In|Inspired|Instead|Indeed|It|Its|If|Is|Our|On|One|Of|Over|However|Hence|Here|How|For|From|Furthermore|Further|"
    "Finally|First|Firstly|Second|Secondly|Third|Thirdly|Lastly|Last|Moreover|More|Meanwhile|Motivated|Many|Most|And|Also|"
    "Although|Additionally|Among|After|Across|As|At|All|An|Another|Any|Because|Based|Beyond|Besides|But|By|Both|"
    "Consequently|Compared|Code|Current|Contrary|Conversely|Concretely|Despite|Due|During|Each|Empirically|Even|Existing|"
    "Experiments|Experimental|Extensive|Evaluations|Given|Generally|Likewise|Nevertheless|Nonetheless|Notably|Not|Next|"
    "Recently|Recent|Results|Rather|Similarly|Since|So|Some|Several|Specifically|Such|Subsequently|Surprisingly|"
    "Through|Throughout|Traditional|Typically|Under|Unlike|Unfortunately|Using|Until|Via|Yet|Overall"
)
# A pattern begins with its literal and looks behind it: Python then skips to the literal, ten times faster.
_PROSE: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("``", re.compile(r"``((?:(?!``)[^\n]){1,300}?)(?:''|(?<=\S)[\"”])"), r"“\1”"),
    (
        "''",
        re.compile(r"''(?<![\w'’\"]'')(?=\w)((?:(?!'')[^\n]){1,200}?)(?<=[\w.,!?)%…])''(?![\w'])"),
        r"“\1”",
    ),
    # A tie between words is a blank; `~30%`, `10X~20X` and `x~N(0,1)` say about, to, and drawn from.
    ("~", re.compile(r"~(?:(?<=[A-Za-z]{2}~)(?=[A-Za-z](?!\w*\())|(?<=[A-Za-z]\.~)(?=[\w(\[]))"), " "),
    # Both sides blank or both sides text: `--flag`, `-->` and a rule of hyphens between two languages are no dashes.
    ("---", re.compile(r"---(?:(?<= ---)(?= )|(?<=[^\s<!-]---)(?=[^\s>-]))"), "—"),
    ("--", re.compile(r"--(?:(?<= --)(?= )|(?<=[^\s<!-]--)(?=[^\s>-]))"), "–"),
    # Stripped operators only where they touch digits: English has `10 times`, `sometimes`, `sim2real` and `minisim`.
    ("times", re.compile(r"times(?<=\dtimes)(?![a-z])"), "×"),
    ("sim", re.compile(r"sim(?:(?<=\dsim)(?=\d)|(?<![\w-]sim)(?=[\d.]*\d(?:%|×|times)))"), "∼"),
    ("approx", re.compile(r"approx(?<![^\W\d]approx)(?<!-approx)(?=\d)"), "≈"),
    ("cdot", re.compile(r"cdot(?:(?<![A-Za-z]cdot)(?![a-z])|(?<=[A-Z]cdot)(?=[A-Z]))"), "·"),
    ("rightarrow", re.compile(r"rightarrow(?<![A-Za-z]rightarrow)(?![A-Za-z])"), "→"),
    ("{", re.compile(r"\{(?<=\d\{)(\d+)\}(?!\{)"), r"/\1"),
    (".", re.compile(rf"\.(?:(?<=[a-z]{{3}}\.)|(?<=[\d)%]\.))(?=(?:{_OPENERS})[ ,])"), ". "),
    (",", re.compile(r",(?<=[a-z]{3},)(?=[a-z]{2,}[ .;:])"), ", "),
    # Not after an address: the blank there keeps the stop out of it.
    (" ,", re.compile(r" ,(?<=[\w)\]%”\"’'] ,)(?=\s|$)"), ","),
    (" .", re.compile(r" \.(?<=[\w)\]%”\"’'] \.)(?=\s|$)(?! ?\.)"), "."),
)
_HINT = ascii_edges(
    r"[\\$^~]|--|``|''|\d(?:times|sim|approx)|\b(?:sim|approx)\d|cdot|rightarrow|\d\{\d|\{\S*(?:size|series|shape|family)"
    rf"|://\S+\{{| [.,](?:\s|$)|[a-z0-9)%]\.(?:{_OPENERS})[ ,]|[a-z],[a-z][a-z]+[ .;:]"
)

# Greek names only where they stand as a symbol: "gamma rays", "beta version" and "Cohen's kappa" are English.
_MATH = ascii_edges(
    r"(?:^|[^\\A-Za-z])(?:math(?:cal|bb|bf|rm|frak)|(?:varepsilon|varphi|infty|sqrt|leq|geq|circ)(?:[^A-Za-z]|$))"
    r"|(?:^|[^\\A-Za-z])(?:left[(\[{|]|(?:sum|prod|int)_)|right[)\]|]|\b[A-Za-z]_[A-Za-z0-9]\b|\}_|_\{|\^"
    r"|\{[=<>+,-]\}|\d(?:pm|leq|geq|le|ge)\d|\\[A-Za-z]"
    r"|(?:^|[\s(=,])(?:tau|rho|theta|phi|psi|xi|nu|eta|zeta|epsilon|mu)(?:[\s),;=]|\.(?:\s|$)|$|[²³])"
    r"|(?:^|[\s(])(?:alpha|beta|gamma|delta|kappa|lambda|sigma|omega|pi)(?: ?[=<>≤≥≈∼²³]|_\{| in [(\[])"
)
_ADDRESS = r"(?:https?://|www\.|github\.com/)\S+"
_CUT = r"(?:…|\.\.\.|\[truncated\])[)\]]?$"
_ENGLISH = ascii_edges(r"\b[Tt]he\b.*\b(?:of|and|to)\b.*\b(?:the|is|we|in)\b")
_FOREIGN = (
    r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]{10}|(?:[\p{Cyrillic}\p{Arabic}\p{Hebrew}\p{Devanagari}\p{Thai}]+[\s,.]+){5}"
    r"|(?: (?:los|las|una|del|para|por|que|une|les|aux|und|das|eine|nicht|uma|não|gli|della|sono) .*){4}"
)
_CITATION = r"(?:^|[\s(\[,;])[a-z]{2,}(?:19|20)\d\d[a-z]{2,}(?:[\s.,;)\]]|$)|\\cite"
_GLUE = ascii_edges(
    r"\b[a-z]{2,}(?:ing|tion|ment|ness)(?:of|the|and|with|from)\b|\ba(?:range|set|series|variety) of\b"
    r"|\b[A-Za-z][a-z]+-(?:cessing|tion|tions|ments?|sions?|tive|tives|ture|tures|ity|ble|ness|ance|ence)\b"
)


def normalise_abstract(abstract: pl.Expr) -> pl.Expr:
    """Abstracts as clean text, Unicode NFC, wrapped lines joined with a blank; null where nothing is left."""
    return null_if_empty(repair_where(fold_blanks(abstract), _HINT, repair_abstract))


def abstract_key(abstract: pl.Expr) -> pl.Expr:
    """The first 600 letters and digits, for comparing; null where there are none.

    Folded as titles are. Raw and clean text of one abstract meet: LaTeX is carried out, signs are spelled.
    """
    plain = repair_where(abstract, r"[\\$^]", plain_text).str.head(1000)
    spelled = fold_letters(plain.str.replace_many({"·": "cdot", "→": "rightarrow"}))
    letters = spelled.str.replace_all(r"[^\p{L}\p{M}\p{N}]+", "")
    return null_if_empty(nfc(letters).str.head(600))


def abstract_flags(raw: pl.Expr) -> pl.Expr:
    """Names of the damage that cleaning leaves in, sorted; an empty list where there is none or no abstract.

    Returns:
        List(String) of
        `abstract_truncated`: ends in an ellipsis or a cut mark; a missing stop proves nothing and is not flagged.
        `bilingual`: the abstract stands there twice, in two languages.
        `citation_keys`: a citation shows its BibTeX key.
        `glued_words`: words glued or torn by a two-column page.
        `math_damaged`: formula residue; roots vanish without trace, so such text can look whole and be wrong.
        `unbalanced_math`: a dollar that closes no formula and marks no price.
    """
    # A function of frames, so that the text is cleaned once: Polars does not share it between expressions.
    both = pl.struct(raw.alias("raw"), normalise_abstract(raw).alias("text"))
    return both.map_batches(_find_flags, return_dtype=pl.List(pl.String), is_elementwise=True)


def _find_flags(abstracts: pl.Series) -> pl.Series:
    raw, text = pl.col("raw"), pl.col("text")
    prose = text.str.replace_all(_ADDRESS, " ")
    found = {
        "abstract_truncated": text.str.contains(_CUT) & ~text.str.contains(r"(?:://|www\.)\S*$"),
        "bilingual": text.str.contains(_FOREIGN) & text.str.contains(_ENGLISH),
        "citation_keys": prose.str.contains(_CITATION),
        "glued_words": prose.str.contains(_GLUE),
        "math_damaged": prose.str.contains(_MATH),
        "unbalanced_math": _n_lone_dollars(text) > raw.str.count_matches(r"\\\$(?:[^0-9]|$)"),
    }
    names = [pl.when(test).then(pl.lit(name)) for name, test in sorted(found.items())]
    return abstracts.struct.unnest().select(flags=pl.concat_list(names).list.drop_nulls()).to_series()


def _n_lone_dollars(text: pl.Expr) -> pl.Expr:
    return text.str.count_matches(r"\$(?:[^0-9]|$)")


def repair_abstract(abstract: str) -> str:
    r"""One abstract as clean text.

    >>> repair_abstract("Kettles,we say, are 1.5times ``hot'' -- at ~30\\% of cost . Code: https://a.example/b\\_c .")
    'Kettles, we say, are 1.5× “hot” – at ~30% of cost. Code: https://a.example/b_c .'
    """
    text = plain_text(abstract)
    return unicodedata.normalize("NFC", " ".join(outside_addresses(text, _repair_prose).split()))


def _repair_prose(text: str) -> str:
    for mark, pattern, words in _PROSE:
        text = pattern.sub(words, text) if mark in text else text
    return text
