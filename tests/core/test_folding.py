import pytest

from core.folding import fold, slug_of, sort_key


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("Münster", ("munster", "muenster")),
        ("Mu\u0308nster", ("munster", "muenster")),
        ("Schloß Holte-Stukenbrock", ("schloss holte stukenbrock", "schloss holte stukenbrock")),
        ("Coesfeld", ("coesfeld", "coesfeld")),
        ("Fröndenberg/Ruhr", ("frondenberg ruhr", "froendenberg ruhr")),
        ("…", ("", "")),
    ],
)
def test_both_spellings_of_umlauts(text, forms):
    assert fold(text) == forms


def test_german_order_din_5007():
    names = ["Zülpich", "Übach-Palenberg", "Unna", "Aachen", "Ahlen", "Straelen", "Strasse", "Straße"]
    assert sorted(names, key=sort_key) == [
        "Aachen", "Ahlen", "Straelen", "Strasse", "Straße", "Übach-Palenberg", "Unna", "Zülpich",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Halle (Westf.)", "halle-westf"),
        ("Münster", "muenster"),
        ("Fröndenberg/Ruhr", "froendenberg-ruhr"),
        ("Städteregion Aachen", "staedteregion-aachen"),
    ],
)
def test_addresses_are_guessable(name, slug):
    assert slug_of(name) == slug
