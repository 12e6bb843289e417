"""The words of words.toml and the frames of sentences.toml."""

import tomllib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
WORDS: dict[str, Any] = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
FRAMES: dict[str, list[str]] = tomllib.loads((_HERE / "sentences.toml").read_text(encoding="utf-8"))


def word_list(name: str) -> list[str]:
    """The words of one list in words.toml, the commonest first.

    >>> word_list("nouns")[0]
    'model'
    """
    text: str = WORDS[name]
    return [" ".join(term.split()) for term in (text.split(",") if "," in text else text.split())]
