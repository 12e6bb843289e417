"""What people write in `repository_aliases.csv`."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.curation.aliases import Alias, read_aliases, recall_aliases, resolve_aliases
from paperlake.errors import CorrectionError

TEXT = """\
# repositories that moved
old,new,since,source

kettle-works/hiss,kettle-works/whistle,2026-03-14,redirects
Example-Lab/sock.js, sock-institute/socks ,,"their page, and the old one"
"""


def read(folder, text):
    (folder / "curation").mkdir(exist_ok=True)
    content = text.encode() if isinstance(text, str) else text
    (folder / "curation" / "repository_aliases.csv").write_bytes(content)
    return read_aliases(folder)


def faults_of(folder, text):
    with pytest.raises(CorrectionError) as caught:
        read(folder, text)
    assert caught.value.file == "curation/repository_aliases.csv"
    return caught.value.faults


def alias(old, new):
    return Alias(old, new, None, "redirects")


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff" + TEXT], ids=["lf", "crlf", "mark"])
def test_aliases_are_read(tmp_path, text):
    aliases = read(tmp_path, text)
    assert aliases == (
        Alias("kettle-works/hiss", "kettle-works/whistle", date(2026, 3, 14), "redirects"),
        Alias("Example-Lab/sock.js", "sock-institute/socks", None, "their page, and the old one"),
    )
    assert [one.line for one in aliases] == [4, 5]
    assert recall_aliases([one.as_dict() for one in aliases]) == aliases


def test_no_file_and_an_empty_one_are_no_aliases(tmp_path):
    assert read_aliases(tmp_path) == ()
    assert read(tmp_path, "") == ()
    assert read(tmp_path, "# nothing yet\n") == ()
    assert read(tmp_path, "old,new,since,source\n") == ()


def test_chains_end_at_the_name_of_today_whatever_their_order():
    steps = [alias("a/one", "a/Two"), alias("A/TWO", "b/three"), alias("b/three", "b/four"), alias("d/x", "d/y")]
    wanted = {"a/one": "b/four", "a/two": "b/four", "b/three": "b/four", "d/x": "d/y"}
    assert resolve_aliases(steps) == wanted
    assert resolve_aliases(steps[::-1]) == wanted
    assert resolve_aliases(()) == {}


@given(st.integers(1, 30))
def test_a_chain_of_any_length_is_followed(length):
    chain = [alias(f"a/n{number}", f"a/n{number + 1}") for number in range(length)]
    assert set(resolve_aliases(chain).values()) == {f"a/n{length}"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a/one,a/two,", "expected 4 values (old,new,since,source), found 3"),
        ("a/one,a/two,,their page, and more", "found 5. Put a value with a comma into double quotes"),
        ('a/one,a/two,,"their page', "expected a line of CSV"),
        ("one,a/two,,x", "expected `owner/name` of a GitHub repository in `old`, found 'one'"),
        (
            "a/one,https://github.com/a/two,,x",
            "in `new`, found 'https://github.com/a/two'. Write it without the address",
        ),
        ("a/one,github.com/a/two,,x", "Write it without the address"),
        ("a/one,a/two/tree,,x", "in `new`, found 'a/two/tree'. A repository has"),
        ("a/one.git,a/two,,x", "in `old`, found 'a/one.git'. No name ends in `.git`"),
        (
            "topics/one,a/two,,x",
            "in `old`, found 'topics/one'. github.com/topics is a page of GitHub's own and no owner",
        ),
        ("-a/one,a/two,,x", "in `old`, found '-a/one'. An owner has"),
        ("a/one,A/ONE,,x", "expected two names, found 'a/one' twice"),
        ("a/one,a/two,14.3.2026,x", "expected a day as 2026-03-14 in `since`, or nothing, found '14.3.2026'"),
        ("a/one,a/two,2026-02-30,x", "in `since`, or nothing, found '2026-02-30'"),
        ("a/one,a/two,,", "expected how we know it in `source`, found nothing"),
    ],
)
def test_a_line_that_is_no_alias_is_told_with_its_number(tmp_path, line, said):
    [fault] = faults_of(tmp_path, TEXT + line)
    assert fault.startswith("line 6: expected ")
    assert said in fault


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["a/one,a/two,,x", "A/One,a/three,,x"], ["line 3: expected one line for 'A/One', found line 2, too"]),
        (["a/one,a/two,,x", "a/two,a/one,,x"], ["line 2: ", "a/one -> a/two -> a/one"]),
        (["b/x,a/one,,x", "a/one,a/two,,x", "a/two,a/one,,x"], ["line 3: ", "a/one -> a/two -> a/one"]),
    ],
)
def test_lines_that_contradict_one_another_are_told(tmp_path, lines, said):
    [fault] = faults_of(tmp_path, "\n".join(["old,new,since,source", *lines]))
    assert all(part in fault for part in said), fault


def test_all_faults_of_a_line_are_told_at_once(tmp_path):
    faults = faults_of(tmp_path, TEXT + "topics/one,a/two.git,soon,\n")
    assert [fault.partition(", found")[0].rpartition(" in ")[2] for fault in faults] == [
        "`old`", "`new`", "`since`, or nothing", "`source`",
    ]  # fmt: skip
    assert all(fault.startswith("line 6: expected ") for fault in faults)


def test_all_faults_are_told_at_once(tmp_path):
    faults = faults_of(tmp_path, TEXT + "one,a/two,,x\na/one,a/two,,\na/x,a/y,,x\na/y,a/x,,x\n")
    assert [fault.split(":")[0] for fault in faults] == ["line 6", "line 7", "line 8"]


@pytest.mark.parametrize("text", ["kettle-works/hiss,kettle-works/whistle,,x\n", "old;new;since;source\n"])
def test_a_file_without_its_header_is_told(tmp_path, text):
    [fault] = faults_of(tmp_path, text)
    assert fault.startswith("line 1: expected 'old,new,since,source'")


def test_a_file_that_is_no_text_is_told(tmp_path):
    assert "expected text in UTF-8" in faults_of(tmp_path, b"old,new,since,source\n\xff\n")[0]
