import codecs
import io
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperlake.encodings import decode
from paperlake.errors import DumpError

TEXT = "Getränk und Tülle\nEine naïve Untersuchung über Kännchen, in zwei Sätzen. Später mehr davon, für Kühle.\n" * 5
ENGLISH = "Kettles that Whistle\nWe study kettles, socks and snails; “tea” is served late, at 90 °C — or never.\n" * 5
WORDS = st.sampled_from(
    ["kettles", "and", "the", "slow", "café,", "“tea”", "—", "90 °C", "中", "😀", "\ufeff", "\u200b", "\n"]
)
BARE = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def refusal(content):
    with pytest.raises(DumpError) as caught:
        decode(content, "d.txt")
    assert caught.value.reason == "not_text"
    assert "d.txt: expected" in str(caught.value)
    return caught.value.detail


@given(words=st.lists(WORDS, min_size=1), encoding=st.sampled_from(BARE), with_mark=st.booleans())
def test_decode_undoes_encode(words, encoding, with_mark):
    text = " ".join(["Kettles are", *words, "on most days"])
    content = text.encode(encoding)
    assert decode(MARKS[encoding] + content if with_mark else content, "d.txt") == text


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
def test_text_in_a_legacy_encoding_is_read(encoding):
    assert decode(TEXT.encode(encoding), "d.txt") == TEXT


@pytest.mark.parametrize("accent", ["’", " – ", "“", "é", "·", "×", "°"])
@pytest.mark.parametrize("n_before", [0, 3, 2_000])
def test_a_few_accents_in_english_text_are_western(accent, n_before):
    text = (
        "We study kettles, socks and snails.\n" * n_before
        + f"The kettle{accent}s whistle is heard.\n"
        + "It is.\n" * 300
    )
    assert decode(text.encode("cp1252"), "d.txt") == text


@pytest.mark.parametrize(
    ("foreign", "encoding"),
    [
        ("Чайники свистят. Мы изучаем носки и улиток.\n", "cp1251"),
        ("水壶会唱歌。我们研究袜子和蜗牛。\n", "gb18030"),
        ("やかんは音を立てる。私たちは靴下とかたつむりを研究する。\n", "cp932"),
    ],
)
@pytest.mark.parametrize("n_before", [0, 2_000])
def test_another_script_among_english_lines_is_recognised(foreign, encoding, n_before):
    text = "We study kettles, socks and snails.\n" * n_before + ("They whistle at night.\n" + foreign) * 200
    assert decode(text.encode(encoding), "d.txt") == text


@pytest.mark.parametrize(
    "content",
    [bytes(range(256)) * 20, b"\x7fELF\x02\x01\x01" + bytes(500), bytes(3000), b"\x01\x00\x02\x00" * 500],
    ids=["all bytes", "program", "zeros", "small numbers"],
)
def test_what_is_no_text_is_refused(content):
    refusal(content)


@pytest.mark.parametrize(
    "content",
    [codecs.BOM_UTF16_LE + b"\x00\xd8a", codecs.BOM_UTF16_LE + b"\x00\xd8a\x00" * 50, codecs.BOM_UTF8 + b"\xff" * 50],
)
def test_a_mark_before_other_bytes_does_not_make_them_text(content):
    assert "text, found other bytes at " in refusal(content)


@pytest.mark.parametrize("size", [10, 100_000])
def test_other_archives_say_what_they_are(size):
    text = ("kettles and tea\n" * size).encode()
    as_zip, as_tar = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(as_zip, "w") as archive:
        archive.writestr("d.txt", text)
    with tarfile.open(fileobj=as_tar, mode="w") as archive:
        member = tarfile.TarInfo("d.txt")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    assert "found a zip archive" in refusal(as_zip.getvalue())
    assert "found a tar archive" in refusal(as_tar.getvalue())
    assert "found a PDF" in refusal(b"%PDF-1.7\n" + text)


@pytest.mark.parametrize(
    "content", [TEXT.encode() + "ç".encode()[:1], TEXT.encode() + b"\xff bad"], ids=["cut inside a letter", "bad byte"]
)
def test_a_bad_byte_does_not_spoil_the_rest(content):
    text = decode(content, "d.txt")
    assert text.startswith(TEXT)
    assert text.count("\ufffd") == 1


def test_english_text_cut_inside_its_only_accent_stays_utf_8():
    cut = ("We study kettles.\n" * 5 + "They whistle — softly").encode()
    assert decode(cut[: cut.index(b"\xe2") + 2], "d.txt").endswith("They whistle \ufffd")


@pytest.mark.parametrize("with_mark", [True, False])
@pytest.mark.parametrize("encoding", BARE[1:])
def test_a_cut_unit_does_not_spoil_the_rest(encoding, with_mark):
    content = (MARKS[encoding] if with_mark else b"") + ENGLISH.encode(encoding)
    assert decode(content[:-1], "d.txt") == ENGLISH[:-1] + "\ufffd"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_half_a_pair_does_not_spoil_the_rest(encoding):
    content = (ENGLISH + "\ud83d" + ENGLISH).encode(encoding, errors="surrogatepass")
    assert decode(content, "d.txt") == ENGLISH + "\ufffd" + ENGLISH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
@pytest.mark.parametrize("odd", ["\0", "\x0c", "\u200b", "\ufeff", "\x1b[0m", "\x85", "\u2028"])
def test_odd_characters_stay_where_they_are_few(odd, encoding):
    text = f"K{odd}{ENGLISH}{odd}{ENGLISH}"
    assert decode(text.encode(encoding), "d.txt") == text


@pytest.mark.parametrize(("n_control", "is_text"), [(50, True), (51, False)])
def test_one_control_character_in_twenty_is_the_most(n_control, is_text):
    content = b"\0" * n_control + b"k" * (1000 - n_control)
    if is_text:
        assert decode(content, "d.txt") == content.decode()
    else:
        refusal(content)
