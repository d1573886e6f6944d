"""Words beside a number that say what it counts or names, and what may stand between a word and its number.

"order no. 0912345678" is an order; "my order is late 0912345678" is none.
"""

from typing import Final

from data.number_gaps import SPACES

_LETTERS: Final = "A-Za-zÀ-ɏḀ-ỿЀ-ԯ"
# Each with what follows of the word: "orders", "Bestellnummer", "pasūtījumam".
_STEMS: Final = (
    r"order|purchase|invoice|receipt|ticket|tracking|parcel|serial|model|isbn|imei|barcode|\bref|account|version|price"
    r"|pasūtījum|rēķin|sūtījum|заказ|bestell|rechnung|sendung|pedido|factura|commande|facture|pesanan|faktur|transaksi"
    r"|rekening"
)
_WHOLE: Final = (
    r"\bcase\b|\b(?:ref|ord|inv)\.|\bpasūt\.|đơn(?: hàng)?|\bdon(?: hang)?\b|ออเดอร์|พัสดุ|订单|訂單|单号|單號|快递"
    # By itself "สั่งซื้อ" is to order: "ติดต่อสั่งซื้อ 081 234 5678" names a phone.
    r"|(?:คำ|ใบ|เลข|เลขที่|รหัส)(?:การ)?สั่งซื้อ|สั่งซื้อ(?= ?(?:หมาย)?เลข)|รหัสสินค้า|บาร์โค้ด(?:สินค้า)?|注文|주문|\bresi\b"
)
ORDERS: Final = rf"{_WHOLE}|(?:{_STEMS})[{_LETTERS}]{{0,20}}"
"""What is bought, sent, paid or made: orders, parcels, prices, models."""

NUMBER: Final = r"\bno\.|\bnr\b\.?|\b(?:č|čís|št|núm|бр)\.|\bn\.?º|№\.?|#"
"""The word "number", cut short."""
COUNTERS: Final = (
    rf"{NUMBER}|(?<!\[)\bid\b|\bcode[{_LETTERS}]{{0,20}}|numur[{_LETTERS}]{{0,20}}|\bmã\b|เลขที่|编号"
)
"""What says that some number follows; of what, a word before it tells. "[id]" is a number that was found."""

# "Dong" is a name; "đồng ý" (agreed), "đồng thời" (besides) and the like are no money either.
_DONG: Final = r"(?-i:đồng|ĐỒNG|dong)\b(?! (?:ý|y|thời|thoi|hồ|ho|chí|chi|nghiệp|nghiep)\b)"
MONEY_AFTER: Final = rf"\s?(?:[$€£¥฿₫%°]|đ\b|{_DONG}|vnđ|vnd|usd|eur|thb|rmb|元|บาท|块)"
"""What makes the number before it an amount."""

SPACE: Final = rf"[{SPACES}\t]{{0,3}}"
# A full stop, a dash or a slash that a space follows ends what was said: "the wrong order. 0912345678".
JOINER: Final = (
    r"(?:no|nr|numbers?|num|núm|č|čís|št|бр|nummer|numero|número|numéro|nomor|номер|id|code|mã|số|hàng|sản phẩm)\b\.?"
    r"|(?:is|was|are|would be|ist|est|es|ir|là)\b"
    r"|của (?:tôi|mình|em|anh|chị)\b|saya\b|ของ(?:ผม|ฉัน|ดิฉัน|เรา|หนู)|我的"
    r"|เลขที่|หมายเลข|เลข|คือ|号码|號碼|编号|号|號|是|为|為|番号|は|번호|[은는]"
    r"|n\.?[°º]|n\.o\b|№\.?|[:：=]\s{0,2}|[.\-–—/](?!\s)|[#_|°º\"'“”«»‘’(（\[【]"
)
JOINED: Final = rf"(?:{SPACE}(?:{JOINER})){{0,6}}{SPACE}"
"""Nothing but joiners between a word and its number."""

_AND: Final = "and|or|und|oder|et|ou|y|o|e|un|vai|và|hoặc|dan|atau|и|или|และ|หรือ|กับ|和|或|및"
LISTED: Final = rf"{SPACE}(?:(?:[,;，；、]{SPACE})?(?:{_AND})|[,;，；、/&]){SPACE}"
"""What parts two numbers of one list."""
