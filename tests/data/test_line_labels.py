"""Labels that open a line, and those of them that say that a shop replies."""

import pytest

from data.line_labels import names_a_reply, opening_label


@pytest.mark.parametrize(
    "label",
    [
        *(
            "Shop reply",
            "Response from the owner",
            "Antwort des Verkäufers",
            "Réponse du vendeur",
            "Veikala atbilde",
        ),
        *("Respuesta del vendedor", "Resposta da loja", "Risposta del negozio", "Reactie van de winkel"),
        *(
            "Odpowiedź sprzedawcy",
            "Odpověď prodejce",
            "Odpoveď predajcu",
            "Odgovor trgovine",
            "Pardavėjo atsakymas",
        ),
        *("Müüja vastus", "Forhandlerens svar", "Svar från butiken", "Відповідь магазину", "Ответ продавца"),
        *("Satıcının yanıtı", "رد المتجر", "विक्रेता का उत्तर", "Balasan penjual", "Jibu la muuzaji"),
        *("Phản hồi từ người bán", "ตอบกลับจากร้าน", "商家回复", "卖家回复", "店家回覆", "ショップからの返信"),
        *("판매자 답변", "사장님 댓글"),
    ],
)
def test_a_label_of_a_reply_is_told_in_each_language(label: str) -> None:
    opened = opening_label(f"{label}: thanks")
    assert opened == label
    assert names_a_reply(opened)


@pytest.mark.parametrize(
    "label",
    [
        *(
            "Product quality",
            "Chất lượng sản phẩm",
            "Качество товара",
            "Overall verdict",
            "A",
            "Update",
            "Answer",
        ),
        *("Shop", "Support", "Seller", "Team", "客服", "店铺", "回答", "답변", "Сервис магазина", "Phản hồi"),
    ],
)
def test_what_a_form_asks_about_is_no_reply(label: str) -> None:
    assert not names_a_reply(label)
