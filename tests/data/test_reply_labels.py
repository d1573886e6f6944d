"""Labels that open a lower line of many texts are told, for a shop may reply there."""

import pytest

from data.reply_labels import ReplyLabels, lower_labels

REPLY = "Par maz.\n\nVeikala atbilde: Paldies par atsauksmi!"


def notes(*texts: str) -> tuple[str, ...]:
    labels = ReplyLabels()
    for text in texts:
        labels.add(text)
    return labels.notes()


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (REPLY, ["Veikala atbilde"]),
        ("太多了吃不完\n商家回复：谢谢您", ["商家回复"]),
        ("Nice.\nReply of the shop : thanks\nOrder: 12", ["Reply of the shop", "Order"]),
        ("Shop: thanks", []),
        ("\nShop: thanks", []),
        ("Late. Shop: thanks", []),
        ("Late.\nCons: slow\nPlusi: lēti\n優點：便宜", []),
        ("Late.\nI came at 10:15", []),
        ("Late.\nhttps://a.example/x", []),
        ("Late.\nIt is, I would say: late", []),
    ],
)
def test_labels_of_lower_lines(text: str, labels: list[str]) -> None:
    assert [*lower_labels(text).values()] == labels


@pytest.mark.parametrize(("found", "others", "told"), [(10, 190, 1), (9, 0, 0), (10, 191, 0)])
def test_a_line_tells_of_at_least_ten_and_five_percent(found: int, others: int, told: int) -> None:
    assert len(notes(*[REPLY] * found, *["Par maz."] * others)) == told


def test_the_line_names_the_label_and_what_to_do() -> None:
    assert notes(*[REPLY] * 12) == (
        "'Veikala atbilde:' opens a lower line of 12 texts: all is read as the author's words; "
        "where the shop replies there, leave these lines out of the file",
    )


def test_among_very_many_labels_a_frequent_one_is_found() -> None:
    texts = [f"Late.\nLabel{number}: x" for number in range(3000)]
    for place in range(0, 3000, 10):
        texts[place] = REPLY
    assert len(notes(*texts)) == 1


@pytest.mark.parametrize("part", ["a:", "a a a:", "a ", "\n", ":\n", "a" * 21, " ", "a: \n"])
def test_a_hostile_text_of_400_000_characters_comes_to_an_end(part: str) -> None:
    assert set(lower_labels("a:\n" + part * (400_000 // len(part)))) <= {"a", "a a a"}
