import pytest

from paperlake.links.broken_lines import find_break

HOST = "github.com/kettle-lab"


def break_of(text: str):
    """The break of a body that ends where its line or word does."""
    letters_end = min(text.index(mark) for mark in "\n " if mark in text)
    end = len(text[:letters_end].rstrip("."))
    return find_break(text, 0, end, letters_end)


@pytest.mark.parametrize(
    ("text", "known", "readings"),
    [
        (f"{HOST}/drip-\nnet is", HOST, (f"{HOST}/drip-net", f"{HOST}/dripnet")),
        (f"{HOST}/drip-\n  net.", HOST, (f"{HOST}/drip-net", f"{HOST}/dripnet")),
        (f"{HOST}/drip-\nnet/tree/main", HOST, (f"{HOST}/drip-net/tree/main", f"{HOST}/dripnet/tree/main")),
        (f"{HOST}/drip- net is", HOST, (f"{HOST}/drip-net", f"{HOST}/dripnet")),
        (f"{HOST}/drip-\nWe show", HOST, (f"{HOST}/drip",)),
        (f"{HOST}/drip-\nnet-\npro", HOST, ()),
        (f"{HOST}/drip_\nnet", HOST, (f"{HOST}/drip_net",)),
        (f"{HOST}/drip=\nnet", HOST, (f"{HOST}/dripnet",)),
        (f"{HOST}/\ndrip-net is", HOST, (f"{HOST}/drip-net",)),
        (f"{HOST}/\ndripnet.", HOST, (f"{HOST}/dripnet",)),
        (f"{HOST}\n/dripnet.", HOST, (f"{HOST}/dripnet",)),
        ("github.com/\nkettle-lab/dripnet is", "github.com", (f"{HOST}/dripnet",)),
        (f"{HOST}/drip\n-net is", HOST, (f"{HOST}/drip-net", f"{HOST}/drip")),
        (f"{HOST}/next.\njs is", HOST, (f"{HOST}/next.js", f"{HOST}/next")),
        (f"{HOST}/drip-v2.\n1 is", HOST, (f"{HOST}/drip-v2.1", f"{HOST}/drip-v2")),
        (f"{HOST}/drip_ net", HOST, (f"{HOST}/drip_net",)),
        (f"{HOST}/drip- Net", HOST, (f"{HOST}/drip-Net", f"{HOST}/dripNet", f"{HOST}/drip")),
        (f"{HOST}/drip-\n\nNet", HOST, (f"{HOST}/drip-Net", f"{HOST}/dripNet", f"{HOST}/drip")),
        (f"{HOST}/{'drip' * 12}\nnet-work", HOST, (f"{HOST}/{'drip' * 12}net-work", f"{HOST}/{'drip' * 12}")),
        ("kettle.example/a/b-\nc", "kettle.example/a", ("kettle.example/a/b-c", "kettle.example/a/bc")),
    ],
)
def test_urls_that_go_on_in_the_next_line(text, known, readings):
    found = break_of(text)
    assert found is not None
    assert (found.known, found.readings) == (known, readings)
    assert text[found.end :].lstrip("/.\n ")[:2] in ("", "is", "We", "pr", "Ne")


@pytest.mark.parametrize(
    "text",
    [
        f"{HOST}/dripnet\nWe show",
        f"{HOST}/dripnet\nfor future work",
        f"{HOST}/dripnet\nkettles drip",
        f"{HOST}/dripnet.\nKettles drip",
        f"{HOST}/dripnet.\nkettles drip",
        f"{HOST}/drip-v2.\nKettles",
        f"{HOST}/drip\n- a list",
        f"{HOST}/drip\n--flag",
        f"{HOST}/dripnet/\ntree/main",
        f"{HOST}/\nfor kettles",
        f"{HOST}/\nWe show",
        f"{HOST}\ndripnet is",
        "github.com/\nkettles drip",
        "kettle.example/\ndrip-net is",
        "kettle.example/a\n-b",
        "drip-\nnet.example.org/a",
        f"{HOST}/drip -net",
        f"{HOST}/{'drip' * 12}\nand the kettles",
        f"{HOST}/{'drip' * 12}\n net-work",
        f"{HOST}/{'drip' * 12}\nnet-work\n{'A line that is longer. ' * 6}",
        "youtube.com/watch?v=aB3- shows",
        "youtube.com/watch?v=aB3-\nshows",
        "drive.google.com/file/d/1aB3- is",
    ],
)
def test_urls_that_simply_end_there(text):
    assert break_of(text) is None
