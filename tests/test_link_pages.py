import pytest

from paperlake.links.pages import find_hub_page


@pytest.mark.parametrize(
    ("host", "rest", "page"),
    [
        ("huggingface.co", "/kettle-lab/drip-7B", "model"),
        ("hf.co", "/kettle-lab/drip-7B/blob/main/a.json?x=1", "model"),
        ("huggingface.co", "/datasets/drips", "dataset"),
        ("huggingface.co", "/datasets/kettle-lab/drips/tree/main", "dataset"),
        ("huggingface.co", "/datasets", None),
        ("huggingface.co", "/spaces/kettle-lab/drip", "space"),
        ("huggingface.co", "/spaces/kettle-lab", None),
        ("kettle-lab-drip.hf.space", "", "space"),
        ("huggingface.co", "/papers/2601.90001v2#community", "paper"),
        ("huggingface.co", "/papers/date/2026-01-02", None),
        ("huggingface.co", "/papers/trending", None),
        ("huggingface.co", "/collections/kettle-lab/drip-65f0", "collection"),
        ("huggingface.co", "/collections/kettle-lab", None),
        ("huggingface.co", "/kettle-lab", None),
        ("huggingface.co", "/kettle-lab/models", None),
        ("huggingface.co", "/blog/drip/kettle", None),
        ("huggingface.co", "/api/models/kettle-lab/drip", "model"),
        ("huggingface.co", "/api/datasets/kettle-lab/drips", "dataset"),
        ("huggingface.co", "/login?next=%2Fpapers%2F2601.90001", None),
        ("huggingface.co", "", None),
        ("discuss.huggingface.co", "/t/drip", None),
    ],
)
def test_find_hub_page(host, rest, page):
    assert find_hub_page(host, rest) == page
