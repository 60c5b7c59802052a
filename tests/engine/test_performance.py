"""Capaian as the rules of SAKIP have it, and numbers as an office writes them."""

from decimal import ROUND_HALF_UP, Decimal, getcontext, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine import numbers, performance
from engine.performance import NAIK, RENTANG, TURUN, Range, Rules, capaian

D = Decimal
AMOUNTS = st.decimals("0.001", "999999999", places=3)
ANY = st.decimals("-999999999", "999999999", places=3)
EXACT = Rules(desimal=6)


def percent(direction: str, target: performance.Target, actual: object, **rules: object) -> object:
    return capaian(direction, target, D(str(actual)), Rules(**rules)).percent  # type: ignore[arg-type]


# --- capaian ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("direction", "target", "actual", "reached"),
    [
        (NAIK, D(80), 70, "87.50"),
        (NAIK, D(80), 100, "125.00"),
        (NAIK, D(3), 2, "66.67"),
        (NAIK, D(80), 0, "0.00"),
        (NAIK, D(80), -8, "-10.00"),
        (TURUN, D(10), 8, "120.00"),
        (TURUN, D(10), 10, "100.00"),
        (TURUN, D(10), 12, "80.00"),
        (TURUN, D(10), 0, "200.00"),
        (TURUN, D(5), 15, "-100.00"),
        # The example every guideline gives: 7 to 8 months, and it took 9.
        (RENTANG, Range(D(7), D(8)), 9, "87.50"),
        (RENTANG, Range(D(7), D(8)), 7, "100.00"),
        (RENTANG, Range(D(7), D(8)), "7.5", "100.00"),
        (RENTANG, Range(D(7), D(8)), 8, "100.00"),
        (RENTANG, Range(D(7), D(8)), 6, "85.71"),
        (RENTANG, D(8), 9, "112.50"),  # a single number as range: nothing but higher is better
    ],
)
def test_capaian_is_what_the_rules_say(
    direction: str, target: performance.Target, actual: object, reached: str
) -> None:
    assert str(percent(direction, target, actual)) == reached


@given(AMOUNTS)
def test_a_target_just_met_is_one_hundred_whichever_is_better(target: Decimal) -> None:
    assert percent(NAIK, target, target) == percent(TURUN, target, target) == 100


@given(AMOUNTS, ANY, ANY)
def test_doing_better_never_counts_less(target: Decimal, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    assert percent(NAIK, target, less) <= percent(NAIK, target, more)  # type: ignore[operator]
    assert percent(TURUN, target, more) <= percent(TURUN, target, less)  # type: ignore[operator]


@given(AMOUNTS, ANY)
def test_the_two_directions_are_mirrored_at_one_hundred(target: Decimal, actual: Decimal) -> None:
    up = capaian(NAIK, target, actual, EXACT).percent
    down = capaian(TURUN, target, actual, EXACT).percent
    assert up is not None
    assert down is not None
    assert abs(up + down - 200) <= D("0.000001")


@given(AMOUNTS, AMOUNTS, AMOUNTS)
def test_outside_a_range_is_always_less_than_within(a: Decimal, b: Decimal, c: Decimal) -> None:
    lower, upper = sorted((a, b))
    found = capaian(RENTANG, Range(lower, upper), c, Rules(desimal=6)).percent
    assert found is not None
    assert (found == 100) if lower <= c <= upper else (found <= 100)


@given(AMOUNTS, ANY, st.sampled_from([NAIK, TURUN]))
def test_the_unit_does_not_matter(target: Decimal, actual: Decimal, direction: str) -> None:
    in_thousands = percent(direction, target / 1000, actual / 1000)
    assert percent(direction, target, actual) == in_thousands


@given(ANY, ANY, st.sampled_from(performance.DIRECTIONS))
def test_no_capaian_leaves_the_limits_of_the_office(
    target: Decimal, actual: Decimal, direction: str
) -> None:
    found = capaian(direction, target, actual, Rules(paling_rendah=D(0), paling_tinggi=D(120)))
    assert found.percent is None or 0 <= found.percent <= 120
    assert (found.percent is None) == bool(found.why)


def test_a_half_is_rounded_up_wherever_the_thread_was_told_otherwise() -> None:
    with localcontext() as context:
        context.prec, context.rounding = 3, "ROUND_DOWN"
        assert str(percent(NAIK, D(800), 1, desimal=2)) == "0.13"  # 0.125
        assert str(percent(NAIK, D("1000000"), 123456, desimal=0)) == "12"
        assert getcontext().prec == 3
    assert str(percent(NAIK, D(3), 1, desimal=0)) == "33"


@pytest.mark.parametrize(
    ("rule", "direction", "actual", "reached"),
    [
        ("tidak-dihitung", NAIK, 5, None),
        ("tidak-dihitung", TURUN, 0, None),
        ("seratus-bila-nol", TURUN, 0, 100),
        ("seratus-bila-nol", TURUN, 1, None),
        ("seratus-bila-tercapai", TURUN, 0, 100),
        ("seratus-bila-tercapai", TURUN, 1, 0),
        ("seratus-bila-tercapai", NAIK, 5, 100),
        ("seratus-bila-tercapai", NAIK, -5, 0),
    ],
)
def test_what_a_target_of_zero_is_worth_is_the_offices_rule(
    rule: str, direction: str, actual: int, reached: int | None
) -> None:
    found = capaian(direction, D(0), D(actual), Rules(nol=rule))
    assert found.percent == reached
    assert found.why == ("zero-target" if reached is None else "")


def test_a_range_that_ends_in_zero_is_measured_within_and_settled_by_rule_beyond() -> None:
    none = Range(D(0), D(0))
    assert capaian(RENTANG, none, D(0)).percent == 100
    assert capaian(RENTANG, none, D(1)).why == "zero-target"
    assert capaian(RENTANG, none, D(1), Rules(nol="seratus-bila-tercapai")).percent == 0


@pytest.mark.parametrize(
    ("target", "actual", "why"),
    [
        (None, D(1), "no-target"),
        (D(1), None, "no-actual"),
        (None, None, "no-target"),
        (D(-2), D(-1), "negative-target"),
    ],
)
def test_what_cannot_be_measured_says_why(
    target: Decimal | None, actual: Decimal | None, why: str
) -> None:
    found = capaian(NAIK, target, actual)
    assert (found.percent, found.why) == (None, why)
    assert why in performance.WHY


def test_an_office_names_its_bands() -> None:
    rules = Rules(predikat=((D(91), "sangat tinggi"), (D(76), "tinggi"), (D(0), "rendah")))
    assert [rules.band(D(each)) for each in ("91", "90.99", "76", "75", "-1")] == [
        "sangat tinggi",
        "tinggi",
        "tinggi",
        "rendah",
        "",
    ]
    assert Rules().band(D(100)) == ""


def test_rules_are_kept_and_found_again() -> None:
    rules = Rules("seratus-bila-nol", D(0), D("150.5"), 1, ((D(90), "baik"), (D(50), "cukup")))
    assert performance.rules(rules.to_dict()) == rules
    assert performance.rules({}) == Rules()


@pytest.mark.parametrize(
    "stored",
    [
        {"nol": "sepuluh"},
        {"desimal": 9},
        {"desimal": True},
        {"desimal": "2"},
        {"paling_tinggi": "banyak"},
        {"paling_tinggi": float("nan")},
        {"paling_rendah": 10, "paling_tinggi": 5},
        {"predikat": [["x", "baik"]]},
        {"predikat": 5},
        {"__class__": "x"},
    ],
)
def test_rules_that_make_no_sense_are_refused_in_a_sentence(stored: dict[str, object]) -> None:
    with pytest.raises(performance.BadRules, match=r"^Aturan capaian: “.+” tidak boleh"):
        performance.rules(stored)


# --- numbers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.250,5", "1250.5"),
        ("1250,5", "1250.5"),
        ("1.250", "1250"),
        ("1.000.000", "1000000"),
        (" 87,5 % ", "87.5"),
        ("Rp 1.000.000", "1000000"),
        ("Rp.750", "750"),
        ("-3", "-3"),
        ("\N{MINUS SIGN}3,25", "-3.25"),
        ("+7", "7"),
        ("007", "7"),
        ("0,10", "0.1"),
        ("-0", "0"),
        ("\u00a012\u00a0", "12"),
    ],
)
def test_a_number_is_read_the_indonesian_way(text: str, meant: str) -> None:
    assert str(numbers.read(text)) == str(D(meant)) or numbers.read(text) == D(meant)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "x", "dua", "1,2,3", "1.25", "12.5", "1,250.5", "0.500", "1.2345", "1..000"),
        *("NaN", "nan", "inf", "Infinity", "-Infinity", "1e5", "1E400", "0x10", "1_000", "=1+1"),
        *("١٢", "１２", "½", "1 250", "--1", "1-", "%", "Rp", "1,", ",5", "1\n2"),
    ],
)
def test_what_is_no_number_is_said_to_be_none(text: str) -> None:
    with pytest.raises(numbers.NotANumber, match="bukan angka"):
        numbers.read(text)


@pytest.mark.parametrize(
    "text", ["9" * 16, "1" + "0" * 5000, "0," + "0" * 20 + "1", "1,0000000001234567"]
)
def test_a_number_that_json_would_harm_is_refused(text: str) -> None:
    with pytest.raises(numbers.TooManyDigits, match="terlalu panjang") as refused:
        numbers.read(text)
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize("value", [True, None, [], {}, float("nan"), float("inf"), "1e9", object()])
def test_json_that_is_no_number_is_refused_too(value: object) -> None:
    with pytest.raises(numbers.BadNumber):
        numbers.of(value)


def test_json_that_is_too_large_is_refused() -> None:
    for huge in (10**15 + 1, 10**9000, 1e300, 1e-300):
        with pytest.raises(numbers.TooManyDigits):
            numbers.of(huge)


KEPT = st.decimals(
    allow_nan=False, allow_infinity=False, places=4, min_value=-(10**10), max_value=10**10
)


@given(KEPT)
def test_what_is_written_is_read_as_the_same_number(number: Decimal) -> None:
    assert numbers.read(numbers.write(number)) == number


@given(KEPT)
def test_a_number_survives_json(number: Decimal) -> None:
    kept = numbers.plain(number)
    assert numbers.of(kept) == number
    assert numbers.read(numbers.write(kept)) == number


@given(st.text(max_size=30))
def test_whatever_is_typed_ends_in_a_number_or_a_sentence(text: str) -> None:
    try:
        number = numbers.read(text)
    except numbers.BadNumber as refused:
        assert str(refused).endswith(".")
    else:
        assert number.is_finite()


@given(
    st.from_regex(r"[1-9]\d{0,2}(\.\d{3}){1,3}(,\d{1,3})?", fullmatch=True, alphabet="0123456789.,")
)
def test_dots_part_thousands_and_the_comma_parts_the_fraction(text: str) -> None:
    whole, _, fraction = text.partition(",")
    assume(len(whole.replace(".", "") + fraction) <= numbers.MOST_DIGITS)
    meant = D(whole.replace(".", "") + "." + (fraction or "0"))
    assert numbers.read(text) == meant
    assert meant.quantize(D(1), ROUND_HALF_UP) - meant <= D("0.5")
