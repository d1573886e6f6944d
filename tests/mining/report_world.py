"""A mined picture made by hand: hostile texts, right-to-left, Thai, long labels, every verdict and every grade."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

from mining.driver_results import Driver, Drivers
from mining.results import (
    Cause,
    DataSummary,
    Example,
    Listening,
    Mining,
    Opposition,
    QuietCorner,
    RatingShape,
    SegmentFinding,
    Share,
    Side,
)
from mining.speaking.results import (
    Asked,
    AskedShare,
    Margin,
    Speakers,
    WeightedCause,
    WeightedOpposition,
    WeightedShare,
    WeightedSide,
    Weighting,
)
from mining.timing_results import Recent, Timing, Trend, TrendPoint
from models.predictions import ModelInfo

MODEL = ModelInfo(
    name="default",
    version="4f1c09ab77de",
    languages=("vi", "th", "lv", "zh", "en", "de", "es", "fr", "id", "ja", "uk", "pl", "ar"),
)
MONTHS = (*(f"2025-{month}" for month in (11, 12)), *(f"2026-{month:02d}" for month in range(1, 11)))
SCRIPT = "<script>alert('owned')</script><img src=x onerror=alert(1)>"
MARKUP = "[bold red]not bold[/] {{ 7 * 7 }} \x1b[31mred\x1b[0m \x07"
BIDI = "\u202eevil txet\u202c مرحبا"


def wilson(k: int, n: int) -> Share:
    z = 1.959964
    middle, half = (k + z * z / 2) / (n + z * z), z / (n + z * z) * sqrt(k * (n - k) / n + z * z / 4)
    return Share(k=k, n=n, low=max(0.0, middle - half), high=min(1.0, middle + half))


def example(number: int, language: str, text: str) -> Example:
    return Example(feedback_id=f"f-{number:04d}", start=0, end=len(text), text=text, language=language)


def side(
    label: str,
    people: int,
    n: int,
    voices: Sequence[tuple[str, str]],
    *,
    messages: int | None = None,
    first: int = 1,
    rating: float | None = 2.1,
) -> Side:
    languages: dict[str, int] = {}
    for number in range(people):
        language = voices[number % len(voices)][0]
        languages[language] = languages.get(language, 0) + 1
    return Side(
        label=label,
        people=people,
        share=wilson(people, n),
        members=tuple(f"f-{first + number:04d}" for number in range(messages or people)),
        examples=tuple(example(first + number, *voice) for number, voice in enumerate(voices)),
        languages=languages,
        mean_rating=rating,
    )


def cause(
    number: int,
    labels: Mapping[str, str],
    sides: tuple[Side, ...],
    *,
    neutral: int = 0,
    grade: str = "established",
    topics: tuple[str, ...] = ("content",),
    lever: str = "product",
    timing: Timing | None = None,
) -> Cause:
    people = sum(one.people for one in sides) + neutral
    members = sorted({member for one in sides for member in one.members})
    return Cause(
        id=f"c-{number:04d}",
        label=labels["en"] if "en" in labels else next(iter(labels.values())),
        labels=labels,
        people=people,
        statements=round(people * 1.15),
        grade=grade,
        topics=topics,
        lever=lever,
        members=tuple(members),
        sides=sides,
        timing=timing or steady(people),
        examples=tuple(one for each in sides for one in each.examples)[:4],
        languages={"vi": people // 2, "en": people - people // 2},
    )


def steady(people: int) -> Timing:
    wave = (0.9, 1.1, 1.0, 0.85, 1.05, 1.1, 0.95, 1.0, 1.15, 0.9, 1.0, 1.0)
    return Timing(
        kind="systemic",
        fano=0.94,
        periods={month: round(people / 12 * part) for month, part in zip(MONTHS, wave, strict=True)},
        trend=trend("steady", people, 1.01),
    )


def trend(label: str, people: int, change: float) -> Trend:
    """A curve of 200 writers a month."""
    months = [number - 5.5 for number in range(12)]
    rates = [people / 2400 * change**month for month in months]
    return Trend(
        label=label,
        unit="month",
        points=tuple(
            TrendPoint(
                period=period,
                people=round(200 * rate),
                of=200,
                expected=rate,
                low=rate * 0.8,
                high=rate * 1.25,
            )
            for period, rate in zip(MONTHS, rates, strict=True)
        ),
        change=change,
        low=change * 0.97,
        high=change * 1.03,
        model="poisson",
        dispersion=0.0,
        p_value=0.4 if label == "steady" else 0.0004,
        p_adjusted=0.6 if label == "steady" else 0.003,
    )


def rising(people: int) -> Timing:
    return replace(
        steady(people),
        trend=trend("rising", people, 1.12),
        recent=Recent(
            people=90,
            of=600,
            past_people=61,
            past_of=1800,
            first="2026-08",
            ratio=90 / 600 / (61 / 1800),
            p_value=1e-9,
            p_adjusted=1.1e-8,
            emerging=True,
        ),
    )


def burst(people: int, month: str, days: str) -> Timing:
    quiet = max(0, people // 60)
    return Timing(
        kind="burst",
        fano=31.5,
        periods={each: people - 11 * quiet if each == month else quiet for each in MONTHS},
        burst_period=days,
        bursts=(days,),
    )


def unclear(people: int) -> Timing:
    weights = (0, 1, 0, 2, 1, 0, 3, 0, 1, 1, 0, 1)
    return Timing(
        kind="unclear",
        fano=1.8,
        periods={month: round(people * w / 10) for month, w in zip(MONTHS, weights, strict=True)},
    )


def opposition(
    of: Cause, verdict: str, *, grade: str = "established", p: float, segment: SegmentFinding | None = None
) -> Opposition:
    first, second = of.sides[:2]
    kind = "degree" if first.label == "too_little" else "sentiment"
    return Opposition(
        cause_id=of.id,
        label=of.label,
        kind=kind,
        verdict=verdict,
        grade=grade,
        p_value=p,
        segment=segment,
        sides=(first, second),
    )


def _examples() -> Cause:
    few = [
        (
            "vi",
            "Quá ít ví dụ so với số lượng các công ty trong nước, đọc xong vẫn không biết bắt đầu từ đâu.",
        ),
        (
            "en",
            "I wanted more than two examples. Chapter four tells you to map the wells and never shows one.",
        ),
        ("th", "ตัวอย่างน้อยไปมาก อ่านแล้วนึกภาพไม่ออกว่าร้านเล็ก ๆ จะเอาไปใช้ยังไง"),
        ("zh", "理论讲得不错，可是例子太少了，看完还是不会用。"),
        ("lv", "Par maz piemēru no mazām firmām, viss palika teorijā."),
        ("ar", "الأمثلة قليلة جدًا، أردت حالة واحدة من شركة صغيرة على الأقل."),
    ]
    many = [
        ("en", "Too many case studies. By the ninth airline I had forgotten what the chapter was about."),
        ("vi", "Quá nhiều nghiên cứu điển hình. Cuốn sách dựa vào chúng quá nhiều."),
        ("zh", "案例一个接一个，三分之二的篇幅都是故事，太多了。"),
        ("th", "กรณีศึกษาเยอะเกินไป อยากได้วิธีทำมากกว่าเรื่องเล่า"),
        ("de", "Fallbeispiel an Fallbeispiel, irgendwann überblättert man sie nur noch."),
    ]
    return cause(
        1,
        {"en": "examples", "vi": "ví dụ", "th": "ตัวอย่าง", "zh": "案例", "lv": "piemēri"},
        (
            side("too_little", 96, 181, few, messages=101, first=1),
            side("too_much", 85, 181, many, messages=88, first=201, rating=2.4),
        ),
        neutral=7,
    )


def _alerts() -> Cause:
    few = [
        ("vi", "shipper đến rồi đi mà điện thoại nằm im, mở app mới thấy video"),
        ("lv", "Kurjers atstāja zīmīti, zvans neatstāja neko."),
        ("th", "คนมาส่งของหน้าบ้าน ไม่เตือนสักที"),
    ]
    many = [
        ("en", "MAKE IT STOP!!! 190 pings today and every single one was the neighbour's cat!!!"),
        ("zh", "风一吹树叶就叮叮叮！！！一天上百条，谁受得了！！！"),
        ("he", "די כבר!!! מאה התראות ביום בגלל עץ אחד!!!"),
    ]
    return cause(
        2,
        {"en": "motion alerts", "vi": "thông báo chuyển động", "lv": "paziņojumi"},
        (
            side("too_little", 297, 331, few, first=401, rating=2.6),
            side("too_much", 34, 331, many, messages=118, first=801, rating=1.1),
        ),
        neutral=12,
        topics=("features", "reliability"),
    )


def _portions() -> Cause:
    few = [
        ("vi", "Phần ăn cho bốn người mà hai đứa nhỏ ăn xong vẫn đói."),
        ("en", "Family box, family of four, food for two."),
    ]
    many = [
        ("en", "I live alone. Half of it went in the bin again."),
        ("ja", "一人暮らしには量が多すぎて、毎回残してしまいます。"),
    ]
    return cause(
        3,
        {"en": "portions", "vi": "phần ăn", "ja": "量"},
        (
            side("too_little", 61, 118, few, first=1001),
            side("too_much", 57, 118, many, first=1101, rating=2.9),
        ),
        topics=("product_quality", "price"),
    )


def _couriers() -> Cause:
    bad = [
        ("th", "ไรเดอร์โยนถุงไว้หน้ารั้วแล้วขับหนีเลย"),
        ("en", f"He rang once, swore at my mother and left. {SCRIPT}"),
        ("ar", BIDI),
    ]
    good = [
        ("vi", "Anh shipper leo năm tầng giữa trời mưa mà vẫn cười, quý lắm luôn."),
        ("en", "The rider waited while I looked for my keys and wished my daughter a happy birthday."),
    ]
    return cause(
        4,
        {"en": "couriers", "th": "ไรเดอร์", "vi": "shipper"},
        (
            side("complaint", 74, 142, bad, first=1201, rating=1.6),
            side("praise", 68, 142, good, first=1301, rating=4.9),
        ),
        neutral=21,
        topics=("staff", "delivery"),
        lever="service",
    )


def _chime() -> Cause:
    few = [("en", "I cannot hear the chime from the kitchen.")]
    many = [("pl", "Gong budzi pół klatki schodowej, nawet na najniższym ustawieniu.")]
    return cause(
        5,
        {"en": "chime loudness of the indoor unit in the hallway and the bedrooms upstairs", "pl": "gong"},
        (side("too_little", 11, 19, few, first=1401), side("too_much", 8, 19, many, first=1421, rating=None)),
        grade="emerging",
        timing=unclear(19),
        topics=("usability",),
    )


def _rest() -> tuple[Cause, ...]:
    late = [("zh", "每次都迟到二十分钟，菜都凉了。"), ("en", f"Late again. {MARKUP}")]
    firmware = [
        ("en", "Since the March update it reboots every night at two."),
        ("uk", "Після оновлення дзвінок глухне щоночі."),
    ]
    charge = [
        ("de", "Im September zweimal abgebucht, der Support schweigt."),
        ("vi", "Bị trừ tiền hai lần trong tháng 9."),
    ]
    binding = [("lv", "Lapas krīt ārā jau pēc pirmās nedēļas."), ("en", "Spine cracked on page 40.")]
    setup = [("id", "Cara pasangnya tidak dijelaskan, saya harus cari video sendiri.")]
    print_size = [("fr", "Les notes sont imprimées si petit qu'il faut une loupe.")]
    return (
        cause(
            6,
            {"en": "late delivery", "zh": "迟到", "th": "ส่งช้า"},
            (
                side("complaint", 171, 174, late, first=1501, rating=1.9),
                side("praise", 3, 174, [("en", "On time for once.")], first=1690),
            ),
            timing=rising(174),
            topics=("delivery", "performance"),
            lever="service",
        ),
        cause(
            7,
            {"en": "firmware update", "uk": "оновлення"},
            (side("complaint", 92, 92, firmware, first=1701, rating=1.3),),
            timing=burst(92, "2026-03", "2026-03-03/2026-03-14"),
            topics=("reliability",),
        ),
        cause(
            8,
            {"en": "double charge", "vi": "trừ tiền hai lần", "de": "doppelt abgebucht"},
            (side("complaint", 66, 66, charge, first=1801, rating=1.0),),
            timing=burst(66, "2026-09", "2026-09-04/2026-09-13"),
            topics=("billing", "support"),
            lever="service",
        ),
        cause(
            9,
            {"en": "binding", "lv": "iesējums"},
            (
                side("complaint", 41, 47, binding, first=1901),
                side("praise", 6, 47, [("vi", "Bìa cứng, đóng gáy chắc chắn.")], first=1950, rating=4.7),
            ),
            grade="emerging",
            topics=("product_quality", "packaging"),
        ),
        cause(
            10,
            {"id": "cara pemasangan"},
            (side("complaint", 22, 22, setup, first=2001),),
            grade="emerging",
            timing=unclear(22),
            topics=("guidance",),
            lever="education",
        ),
        cause(
            11,
            {"fr": "taille des caractères", SCRIPT: SCRIPT},
            (side("too_little", 9, 9, print_size, first=2101),),
            grade="anecdote",
            timing=Timing(kind="unclear", fano=None, periods={}),
            topics=("content",),
        ),
    )


def world() -> Mining:
    """Eleven causes, five oppositions of four verdicts, in eighteen languages."""
    examples, alerts, portions, couriers, chime = _examples(), _alerts(), _portions(), _couriers(), _chime()
    causes = tuple(
        sorted((examples, alerts, portions, couriers, chime, *_rest()), key=lambda one: -one.people)
    )
    plan = SegmentFinding(
        column="plan", value="family", effect=0.87, p_adjusted=2.1e-19, towards="too_little"
    )
    return Mining(
        causes=causes,
        oppositions=(
            opposition(examples, "split", p=0.457),
            opposition(couriers, "split", p=0.675),
            opposition(portions, "split_by_segment", p=0.783, segment=plan),
            opposition(alerts, "leans_A", p=1.4e-53),
            opposition(chime, "inconclusive", p=0.648, grade="emerging"),
        ),
        unassigned={
            "no near neighbours": 602,
            "too few people or too far from their cause": 399,
            "no letters": 23,
        },
        assignment=(None,) * 3004,
        data=DataSummary(
            rows=2436,
            rejected=14,
            statements=3004,
            people=2133,
            languages={
                "en": 498,
                "vi": 412,
                "zh": 388,
                "th": 371,
                "lv": 344,
                "de": 88,
                "ja": 71,
                "uk": 64,
                "id": 58,
                "pl": 52,
                "fr": 47,
                "es": 31,
                "ar": 24,
                "he": 4,
                "ko": 2,
            },
            sources={
                "app_store": 702,
                "play_store": 655,
                "web_shop": 488,
                "survey": 310,
                "email": 262,
                "social": 19,
            },
            ratings={"1": 702, "2": 411, "3": 268, "4": 322, "5": 610},
            first="2025-11-01",
            last="2026-10-31",
        ),
        settings={"granularity": 0.5, "gate_people": 6, "seed": 7},
        drivers=drivers(),
        listening=listening(),
        speakers=speakers(),
    )


def weighted(k: int, n: int, value: float | None) -> WeightedShare:
    """A weighted share ``value``, give or take 8 points."""
    low, high = (None, None) if value is None else (max(0.0, value - 0.08), min(1.0, value + 0.08))
    return WeightedShare(
        raw=wilson(k, n), value=value, low=low, high=high, n_eff=n * 0.7, p_value=1e-6 if k == 96 else 0.4
    )


def speakers() -> Speakers:
    """A majority that turns, an anecdote, and one difference that is more than chance."""
    few, much = (
        WeightedSide(label=label, share=weighted(k, 181, value))
        for label, k, value in (("too_little", 96, 0.41), ("too_much", 85, 0.59))
    )
    return Speakers(
        weighting=Weighting(
            people=2084,
            n_eff=1459.4,
            least=0.2,
            most=5.0,
            clipped=12,
            margins=(
                Margin(column="plan", value="solo", known=0.65, wrote=wilson(900, 2084), reached=0.63),
                Margin(column=SCRIPT, value=SCRIPT, known=0.35, wrote=wilson(1184, 2084), reached=0.37),
            ),
            complaints=weighted(1388, 2084, 0.67),
            causes=(
                WeightedCause(cause_id="c-0001", share=weighted(230, 2084, 0.12), sides=(few, much)),
                WeightedCause(cause_id="c-0004", share=weighted(20, 30, None), sides=()),
            ),
            oppositions=(WeightedOpposition(cause_id="c-0001", kind="degree", sides=(few, much)),),
            cutoff=0.001,
        ),
        asked=Asked(
            solicited=464,
            unsolicited=1591,
            both=29,
            untold=0,
            rows=(
                asked_share(None, None, "complaint", wilson(200, 464), wilson(1059, 1591), told=True),
                asked_share("c-0001", "degree", "too_little", wilson(9, 20), wilson(87, 161), told=False),
            ),
        ),
    )


def asked_share(
    cause_id: str | None, kind: str | None, side: str, solicited: Share, unsolicited: Share, *, told: bool
) -> AskedShare:
    difference = solicited.value - unsolicited.value
    return AskedShare(
        cause_id=cause_id,
        kind=kind,
        side=side,
        solicited=solicited,
        unsolicited=unsolicited,
        low=difference - 0.05 if told else None,
        high=difference + 0.05 if told else None,
        p_value=1e-12 if told else None,
        p_adjusted=1e-12 if told else None,
        differs=told,
    )


def drivers() -> Drivers:
    """Two that share the second place."""
    return Drivers(
        outcome="rating",
        people=1804,
        mean=2.87,
        r2=0.31,
        r2_low=0.27,
        r2_high=0.36,
        p_value=1e-120,
        method="exact",
        resamples=400,
        left_out=2,
        drivers=(
            driver("c-0006", None, 0.52, (1, 1), grade="established"),
            driver("c-0004", "praise", 0.25, (2, 3), grade="established", difference=1.4),
            driver("c-0010", None, 0.23, (2, 3), grade="emerging"),
        ),
    )


def driver(
    cause_id: str,
    side: str | None,
    share: float,
    ranks: tuple[int, int],
    *,
    grade: str,
    difference: float = -0.9,
) -> Driver:
    return Driver(
        cause_id=cause_id,
        side=side,
        people=round(300 * share),
        of=1804,
        grade=grade,
        mean_with=2.9 + difference,
        mean_without=2.9,
        difference=difference,
        difference_low=difference - 0.2,
        difference_high=difference + 0.2,
        share=share,
        low=share - 0.04,
        high=share + 0.04,
        rank=ranks[0],
        rank_low=ranks[0],
        rank_high=ranks[1],
    )


def listening() -> Listening:
    """A J-shape, and three corners."""
    return Listening(
        ratings=RatingShape(
            people={"1": 640, "2": 371, "3": 231, "4": 290, "5": 552},
            whole_scale=True,
            ends=wilson(1192, 2084),
            middle=wilson(892, 2084),
            p_value=1e-60,
            j_shaped=True,
        ),
        quiet=(
            QuietCorner(column="source", value="social", people=19, most=702, below_gate=True),
            QuietCorner(column="language", value="ar", people=24, most=498, below_gate=True),
            QuietCorner(column=SCRIPT, value=SCRIPT, people=31, most=490, below_gate=False),
        ),
        gate=30,
    )


def empty_world() -> Mining:
    """One message was read and nothing came of it."""
    return Mining(
        causes=(),
        oppositions=(),
        unassigned={"too few people": 1},
        assignment=(None,),
        data=DataSummary(
            rows=1,
            rejected=0,
            statements=1,
            people=1,
            languages={"en": 1},
            sources={},
            ratings={},
            first=None,
            last=None,
        ),
        settings={},
    )
