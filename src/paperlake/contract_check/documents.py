"""YAML that people write or releases carry, read so that nothing of it is lost unsaid."""

from pathlib import Path
from typing import Any

import yaml

from paperlake.errors import ContractFileError


class _StrictLoader(yaml.SafeLoader):
    """Plain values only, and no key twice: YAML itself would keep the last one and say nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The mapping.

        Raises:
            ConstructorError: a key stands there twice.
        """
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"found {key.value!r} twice", key.start_mark)
            seen.add(key.value if isinstance(key, yaml.ScalarNode) else id(key))
        return super().construct_mapping(node, deep)


def read_document(path: Path) -> dict[str, Any]:
    """What a YAML file says.

    Raises:
        ContractFileError: there is no such file, or it cannot be read as one mapping.
    """
    return parse_document(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Text of a file in UTF-8.

    Raises:
        ContractFileError: there is no such file, or it is in another encoding.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ContractFileError(path, [f"expected a YAML file in UTF-8, found none: {error}"]) from error


def parse_document(text: str, file: str) -> dict[str, Any]:
    """What YAML text says; `file` names it in messages.

    Raises:
        ContractFileError: it is no YAML, says something twice, or is no mapping.
    """
    try:
        document = yaml.load(text, _StrictLoader)  # noqa: S506 (a SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise ContractFileError(file, [f"{line}expected YAML that says each thing once, {error.problem}"]) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise ContractFileError(file, [f"expected YAML, found something else: {error}"]) from error
    if not isinstance(document, dict):
        raise ContractFileError(file, [f"expected `key: value` lines, found {type(document).__name__}"])
    return document
