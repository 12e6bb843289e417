"""Text of the files that people write in the folder `curation` of the raw folder."""

from datetime import date
from pathlib import Path

from paperlake.errors import CorrectionError


def read_curated(raw: Path, name: str) -> str | None:
    """The text of a file below the raw folder, with line ends as newlines; None where there is no such file.

    Raises:
        CorrectionError: it cannot be read, or is no UTF-8.
    """
    try:
        # Editors on Windows put a byte order mark first, which neither TOML nor CSV knows.
        return (raw / name).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        fault = f"expected a file that can be read, found: {error.strerror}. Make it readable, or move it away."
        raise CorrectionError(name, [fault]) from error
    except UnicodeDecodeError as error:
        raise CorrectionError(name, [f"expected text in UTF-8, found: {error}. Save it in UTF-8."]) from error


def is_day(text: str) -> bool:
    """Whether a text is a day in the one form that people's files have.

    >>> is_day("2026-03-14"), is_day("20260314"), is_day("2026-02-30")
    (True, False, False)
    """
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
