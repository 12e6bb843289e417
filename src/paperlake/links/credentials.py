r"""Takes the secrets out of addresses: users and passwords before the `@`, and tokens in queries.

An address is masked however it is written: with or without scheme, with slashes escaped (`https:\/\/`), encoded
(`%40`, `&#64;`), in full-width letters, with invisible letters between. A password holds what it likes, a slash or an
`@` too: what stands before the last `@` that a host follows is masked, unless a host of its own comes first
(`https://kettle.example/@ada`). `git@` says only "by ssh" and stays.

In a query the values of the parameters in `PRIVATE_PARAMETERS` are masked: `key` alone names public documents.
"""

import re
from collections.abc import Iterator

from paperlake.links.visible_text import INVISIBLE, fold_everything, see

PRIVATE_PARAMETERS = (
    r"(?:(?:access|auth|oauth|private|id|refresh|session|security|api|x-amz-security)?[_-]?token|api[_-]?key|"
    r"(?:x-amz-|x-goog-)(?:signature|credential)|awsaccesskeyid|googleaccessid|(?:client[_-]?)?secret|signature|sig|"
    r"password|passwd|pwd)"
)
"""Pattern of the names of query parameters whose values open doors."""

SHARE_CODE = re.compile(r"(?<![\w.@-])pan\.baidu\.com/s/[\w-]{1,64}\?pwd=(?P<code>[a-zA-Z\d]{4})(?![\w-])")
"""An address of a share host with the code that its owner publishes along with it, to let everybody in."""

_AT = r"(?:[@＠]|%40|&#0{0,4}64;|&#x0{0,4}40;|&commat;)"
_SLASH = r"(?:\\{0,4}[/／]|%2f|&#0{0,4}47;|&#x0{0,4}2f;|&sol;)"
_COLON = r"(?:[:;：；]|%3a)"
_LETTER = r"a-z\u00df-\u024f"
_AT_MARK = re.compile(_AT, re.IGNORECASE)
_START = re.compile(
    rf"(?P<sure>(?:https?|ｈｔｔｐｓ?|ftp|ssh|git)(?:{_COLON}{_SLASH}+|{_SLASH}{{2,}}))|(?:{_COLON}|(?<![{_LETTER}\d_])){_SLASH}{{2,}}",
    re.IGNORECASE,
)
_PATH = re.compile(rf"[?#？＃]|{_SLASH}|%3f|%23", re.IGNORECASE)

_HOST = (
    rf"(?:(?:[{_LETTER}\d_-]{{1,63}}\.){{1,9}}(?:[{_LETTER}]{{2,24}}|xn--[\w-]{{1,59}})|\d{{1,3}}(?:\.\d{{1,3}}){{3}}|"
    r"localhost|\[(?:[\da-f]{0,4}:){2,7}[\da-f.]{0,15}\])\.?"
)
_ANY_HOST = re.compile(rf"{_HOST}(?::\d{{1,5}})?(?![{_LETTER}\d_@])", re.IGNORECASE)
_HOST_ALONE = re.compile(rf"{_HOST}(?![{_LETTER}\d_@:%&])", re.IGNORECASE)
# Hosts that are believed as an address though no scheme announces it.
_CODE_HOST = re.compile(
    r"(?:[a-z\d-]{1,20}\.){0,2}(?:github\.com|githubusercontent\.com|gitlab\.com|bitbucket\.org|huggingface\.co|hf\.co|"
    r"codeberg\.org|gitee\.com)\.?(?::\d{1,5})?(?:[/:;]|%2f|%3a|&#x?0{0,4}(?:47|2f);|&sol;|\\{1,4}/)",
    re.IGNORECASE,
)
_HOST_BEFORE_SLASH = re.compile(rf"{_HOST}(?::\d{{1,5}})?/", re.IGNORECASE)
_GIT = re.compile(r"\W*(?:[a-z]+[:：]\W*)?git", re.IGNORECASE)
_MAIL = re.compile(r"\W*(?:mailto|e-?mails?|mail|contacts?)[:：]", re.IGNORECASE)
_MAIL_BEHIND = re.compile(r"[\"'<>()\[\]{},;|`\u2e80-\U0003ffff][^:]*?[a-z\d][a-z\d._+-]*", re.IGNORECASE)
_LAST_FOREIGN = re.compile(r".*[\u2e80-\U0003ffff]", re.DOTALL)
_SECRET = re.compile(
    rf"(?:[?&;#]|%3f|%26){PRIVATE_PARAMETERS}(?:=|%3d)(?P<value>(?:(?!%26|%23)[^\s&#\"'<>)\]}}])+)", re.IGNORECASE
)

# For Polars: what holds no match holds nothing to mask. An invisible letter could stand inside any mark.
CREDENTIALS_HINT = (
    rf"(?i)(?:[:;/：；／]|%2f|%3a)\S*?{_AT}|{_AT}\S*?(?:[:;/：；／]|%2f|%3a)|[{INVISIBLE}]|"
    rf"(?:[?&;\#]|%3f|%26){PRIVATE_PARAMETERS}(?:=|%3d)"
)


def mask_credentials(text: str) -> str:
    r"""The text with `***` for every user, password and token that an address in it gives away; masking settles.

    >>> mask_credentials(r"at https:\/\/ada:s3cret@kettle.example/@ada?token=7f, ghp_7f@github.com/kettle-lab/drip")
    'at https:\\/\\/***@kettle.example/@ada?token=***, ***@github.com/kettle-lab/drip'
    >>> mask_credentials("git@github.com:kettle-lab/drip and https://medium.com/@ada")
    'git@github.com:kettle-lab/drip and https://medium.com/@ada'
    """
    while (masked := _mask_once(text)) != text:
        text = masked  # Stars may join what was apart; letters only get fewer, so this ends.
    return text


def _mask_once(text: str) -> str:
    seen, places = see(text)
    return mask_spans(text, [(places[start], places[end - 1] + 1) for start, end in find_credentials(seen)])


def mask_spans(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with `***` in place of each span; spans stand in order and apart."""
    kept, done = [], 0
    for start, end in spans:
        kept += [text[done:start], "***"]
        done = end
    return "".join([*kept, text[done:]])


def find_credentials(text: str) -> list[tuple[int, int]]:
    """Where the secrets of a text without invisible letters stand: starts and ends, in order, apart.

    >>> find_credentials("https://ada:s3cret@kettle.example")
    [(8, 18)]
    """
    spans = _find_values(text) if "=" in text or "%3" in text else []
    if _has_at_mark(text):
        plain = fold_everything(text)
        spans += [span for word in re.finditer(r"\S+", text) for span in _in_word(text, plain, *word.span())]
    return _apart(sorted(span for span in spans if span[0] < span[1]))


def _has_at_mark(text: str) -> bool:
    return "@" in text or "＠" in text or "%40" in text or "&" in text


def _find_values(text: str) -> list[tuple[int, int]]:
    """The values of secret parameters; the codes of shares are public."""
    public = {found.start("code") for found in SHARE_CODE.finditer(text)} if "baidu" in text else set()
    return [_value(found) for found in _SECRET.finditer(text) if found.start("value") not in public]


def _value(found: re.Match[str]) -> tuple[int, int]:
    """The value of a secret parameter, without the stops of the sentence."""
    return found.start("value"), found.start("value") + len(found["value"].rstrip(".,;:!?"))


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same spans with those that overlap made one."""
    apart: list[tuple[int, int]] = []
    for start, end in spans:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def _in_word(text: str, plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The users and passwords of one word, which is read from one start of an address to the next."""
    if not _AT_MARK.search(text, start, end):
        return
    starts = _find_starts(text, plain, start, end)
    ends = [first for first, _ in starts] + [end]
    yield from _without_scheme(text, plain, start, end=ends[0])
    for (_, begin), stop in zip(starts, ends[1:], strict=True):
        yield from _behind_scheme(text, plain, begin, stop)


def _find_starts(text: str, plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where addresses start in a word; slashes without a known scheme may stand in the password of the last address."""
    starts: list[tuple[int, int]] = []
    has_host, checked = True, start
    for found in _START.finditer(text, start, end):
        marks = _AT_MARK.finditer(text, checked, found.start())
        has_host = has_host or any(_ANY_HOST.match(plain, mark.end()) for mark in marks)
        checked = found.end()
        if found["sure"] or has_host:
            starts.append(found.span())
            has_host = _ANY_HOST.match(plain, found.end()) is not None
    return starts


def _without_scheme(text: str, plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    first = _match_end(_LAST_FOREIGN, text, start, end)
    colon = text.find(":", first, end)
    has_password = colon >= 0 and not _MAIL.match(text, first, end)
    marks = [
        mark.start()
        for mark in _AT_MARK.finditer(text, first, end)
        if _CODE_HOST.match(plain, mark.end())
        or (has_password and colon < mark.start() and _HOST_BEFORE_SLASH.match(plain, mark.end()))
    ]
    if marks and marks[-1] > first and not _GIT.fullmatch(text, first, marks[-1]):
        yield first, marks[-1]


def _behind_scheme(text: str, plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    marks = list(_AT_MARK.finditer(text, start, end))
    if not marks:
        return
    path = _PATH.search(text, start, end)
    authority_end = path.start() if path else end
    inside = [mark for mark in marks if mark.start() < authority_end]
    last = _last_inside(plain, marks, inside, end) if inside else _last_behind(plain, marks, start, authority_end)
    if last is None or last.start() == start or text[start : last.start()].lower() == "git":
        return
    if not _is_mail_behind_host(plain, start, last):
        yield start, last.start()


def _last_inside(plain: str, marks: list[re.Match[str]], inside: list[re.Match[str]], end: int) -> re.Match[str]:
    """The last `@` before the path, or one behind it where no host follows that: it stood in a password."""
    if _ANY_HOST.match(plain, inside[-1].end(), end):
        return inside[-1]
    return next((mark for mark in reversed(marks) if _ANY_HOST.match(plain, mark.end(), end)), inside[-1])


def _last_behind(plain: str, marks: list[re.Match[str]], start: int, authority_end: int) -> re.Match[str] | None:
    """The last `@` with a host behind it, where what stands before the path is no host itself."""
    alone = _HOST_ALONE.match(plain, start, authority_end)
    if alone and ":" not in plain[alone.end() : authority_end]:
        return None
    has_port = _ANY_HOST.fullmatch(plain, start, authority_end)
    believed = _CODE_HOST if has_port else _ANY_HOST
    return next((mark for mark in reversed(marks) if believed.match(plain, mark.end())), None)


def _is_mail_behind_host(plain: str, start: int, last: re.Match[str]) -> bool:
    """Whether `kettle.example,ada@...` is an address with a mail address glued on, and no user."""
    host = _ANY_HOST.match(plain, start, last.start())
    if host is None or _CODE_HOST.match(plain, last.end()):
        return False
    return _MAIL_BEHIND.fullmatch(plain, host.end(), last.start()) is not None


def _match_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    found = pattern.match(text, start, end)
    return found.end() if found else start
