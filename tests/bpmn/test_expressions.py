import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.expressions import (
    LONGEST,
    BadExpression,
    MissingName,
    NotAllowed,
    NotYesOrNo,
    TooLong,
    WrongValue,
    compile,
    literal,
)

CASE: Mapping[str, object] = {
    "outcome": "tidak",
    "Langkah_2": {"jumlah": 7, "daftar": [1, 2, 3], "lengkap": True, "if": "kata"},
    "triwulan": 2,
    "kosong": None,
    "besar": 10**5000,
}


def value(text: str) -> object:
    return compile(text).evaluate(CASE)


@pytest.mark.parametrize(
    "text",
    [
        "outcome == 'tidak'",
        'outcome == "tidak"',
        "${outcome == 'tidak'}",
        "#{ outcome == 'tidak' }",
        '=outcome = "tidak"',
        '= outcome="tidak"',
        "!(outcome != 'tidak')",
        "outcome == 'tidak' && true",
        "outcome == 'setuju' || outcome == 'tidak'",
        "outcome in ['setuju', 'tidak']",
        "outcome in ('setuju', 'tidak')",
        "\n  outcome\u00a0== 'tidak'\n",
    ],
)
def test_every_modeller_s_way_of_asking_means_the_same(text: str) -> None:
    assert value(text) is True


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Langkah_2.jumlah + 1", 8),
        ("Langkah_2['jumlah'] % 4", 3),
        ("Langkah_2.jumlah / 2", 3.5),
        ("2 + 3 * 4 - -1", 15),
        ("1 < triwulan <= 4", True),
        ("Langkah_2.daftar[0] + Langkah_2.daftar[-1]", 4),
        ("Langkah_2['if']", "kata"),
        ("not Langkah_2.lengkap", False),
        ("!Langkah_2.lengkap && outcome == 'tidak'", False),
        ("'idak' in outcome", True),
        ("'jumlah' in Langkah_2", True),
        ("5 not in Langkah_2.daftar", True),
        ("[1] + [2]", [1, 2]),
        ("'a' + \"b\"", "ab"),
        (r"'it\'s'", "it's"),
        ("'satu' if triwulan == 1 else 'lain'", "lain"),
        ("if triwulan = 1 then 'satu' else 'lain'", "lain"),
        ("if triwulan = 1 then 1 else if triwulan = 2 then 22 else 3", 22),
        ("if true then if false then 1 else 2 else 3", 2),
        ("max(if true then 5 else 6, 1)", 5),
        ("[if true then 1 else 2, 3]", [1, 3]),
        ("1 if false else if true then 4 else 5", 4),
        ("len('abc') + len(Langkah_2.daftar) + len(Langkah_2)", 10),
        ("min(3, 1, 2) + max([3, 1])", 4),
        ("sum(Langkah_2.daftar) + sum([])", 6),
        ("abs(-3) + int('12') + int(2.9)", 17),
        ("str(7) + str(true)", "7true"),
        ("round(2.5)", 3),
        ("round(-2.5)", -3),
        ("round(2.345, 2)", 2.35),
        ("null == none", True),
        ("Langkah_2.tidak_ada == null", True),
        ("kosong and true", False),
        ("1.5e1", 15.0),
    ],
)
def test_the_language_computes(text: str, expected: object) -> None:
    assert value(text) == expected
    assert type(value(text)) is type(expected)


def test_yes_is_not_the_number_one() -> None:
    assert value("Langkah_2.lengkap == 1") is False
    assert value("true in [1]") is False


def test_a_name_that_is_missing_is_named() -> None:
    with pytest.raises(MissingName, match="Langkah_9"):
        value("Langkah_9.jumlah > 5")


def test_only_the_way_taken_is_computed() -> None:
    assert value("true or Langkah_9.jumlah > 5") is True
    assert value("1 if true else Langkah_9") == 1


def test_comparing_what_was_never_filled_in_is_told() -> None:
    with pytest.raises(WrongValue, match=r"Langkah_2\.tidak_ada > 5.*isian kosong"):
        value("Langkah_2.tidak_ada > 5")


def test_a_half_written_alternative_is_refused_before_it_can_always_be_true() -> None:
    with pytest.raises(NotYesOrNo, match="'tidak'"):
        compile("outcome == 'setuju' or 'tidak'")


def test_the_names_an_expression_reads_are_known() -> None:
    assert compile("len(Langkah_2.daftar) > a").names == {"Langkah_2", "a"}


def test_an_expression_is_compiled_once() -> None:
    assert compile("outcome == 'x'") is compile("outcome == 'x'")


@pytest.mark.parametrize(
    "text",
    ["PT10M", "P1W", "P1DT4H", "-PT1H", "R3/PT10M", "R/2026-01-01T00:00:00Z/PT1H", "2026-03-12",
     "2026-03-12T09:00:00+07:00", " PT10M "],
)  # fmt: skip
def test_what_reads_as_a_time_is_itself(text: str) -> None:
    assert literal(text) == text.strip()


@pytest.mark.parametrize("text", ["", "P", "PT", "outcome", "R3/", "10 menit", "PT10M PT10M", "R3"])
def test_what_reads_as_no_time_is_not_literal(text: str) -> None:
    assert literal(text) is None


HOSTILE = [
    "().__class__.__base__.__subclasses__()",
    "''.__class__",
    "outcome.__class__",
    "Langkah_2.__class__",
    "Langkah_2.__init__.__globals__",
    "Langkah_2.keys()",
    "outcome.upper()",
    "outcome.format(1)",
    "'{0.__class__}'.format(1)",
    "f'{outcome}'",
    "f'{outcome.__class__}'",
    "__import__('os').system('id')",
    "__builtins__",
    "__name__",
    "eval('1')",
    "exec('1')",
    "open('/etc/passwd').read()",
    "getattr(outcome, 'upper')",
    "globals()",
    "vars()",
    "type(1)",
    "len.__self__",
    "len",
    "(len)(outcome)('x')",
    "[len][0]('x')",
    "len(*outcome)",
    "len(obj=outcome)",
    "min(**Langkah_2)",
    "lambda: 1",
    "(lambda: 1)()",
    "[x for x in outcome]",
    "{x for x in outcome}",
    "{'a': 1}",
    "{**Langkah_2}",
    "(x := 5)",
    "(yield)",
    "(yield 1)",
    "await outcome",
    "print(1)",
    "import os",
    "1; import os",
    "1\nimport os",
    "x = 5; x",
    "9**9**9",
    "2 ** 10",
    "1 << 99",
    "1 // 2",
    "1 @ 2",
    "~1",
    "1 & 1",
    "'a' * 10**9",
    "'a' * 1000000000",
    "[1] * 1000000000",
    "1000000000 * 'a'",
    "'%999999999d' % 1",
    "9" * 1000,
    "1e999",
    "1e308 * 10",
    "999999999999999999 * 999999999999999999",
    "besar * besar",
    "str(besar)",
    "besar + 1",
    "int('9' + '" + "9" * 500 + "')",
    "int('0x10')",
    "int(true)",
    "int('--5')",
    "int('+')",
    "'a' 'b'",
    "outcome == 'se' 'tuju'",
    "'it''s'",
    "=Langkah_2.daftar[1]",
    "= Langkah_2.daftar[-1] = 1",
    "=Langkah_2[outcome]",
    "round(1, 999999)",
    "round(1, -999999)",
    "1 / 0",
    "1 % 0",
    "1 - '1'",
    "1 + '1'",
    "1 < 'a'",
    "true + 1",
    "-true",
    "not 'x'",
    "1 and 2",
    "null > 1",
    "'a' in 5",
    "1 in 'a'",
    "Langkah_2[[1]]",
    "Langkah_2.daftar[99]",
    "Langkah_2.daftar[0:1]",
    "Langkah_2.daftar['a']",
    "Langkah_2.daftar[true]",
    "outcome[0]",
    "kosong.jumlah",
    "max([])",
    "max(5)",
    "len(5)",
    "sum(5)",
    "a is b",
    "outcome is null",
    "...",
    "1j",
    "0x10",
    "0o7",
    "007",
    "1_000",
    "b'x'",
    "u'x'",
    "r'x'",
    "10 menit",
    "`id`",
    "$x",
    "${a} and ${b}",
    "#",
    "\\",
    "'",
    '"""',
    "'a",
    "(",
    ")",
    "(" * 500 + ")" * 500,
    "[" * 999 + "]" * 999,
    "if " * 600,
    "if if then else",
    "if true then 1",
    "true if",
    "- " * 900 + "1",
    "!" * 1900 + "true",
    "not " * 400 + "true",
    "1" + "+1" * 900,
    "outcome" + ".a" * 900,
    "outcome" + "[0]" * 600,
    "'a'" * 600 + "+1",
    "",
    "   ",
    "=",
    "==",
    "${}",
    "\x00",
    "\ud800",
    "outc\u200bome",
    "ｏutcome",
    "‘tidak’",
    "outcome ? 1 : 2",
    "=date and time(\"2026-01-01\")",
    "DROP TABLE tasks; --",
    "x" * (LONGEST + 1),
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_ends_in_a_sentence(text: str) -> None:
    began = time.thread_time()
    with pytest.raises(BadExpression) as refused:
        value(text)
    assert time.thread_time() - began < 5
    assert str(refused.value).endswith(".")
    str(refused.value).encode()


class Tempting:
    secret = "rahasia"

    def __getitem__(self, key: object) -> str:
        return self.secret


@pytest.mark.parametrize("text", ["bait.secret", "bait['secret']", "bait[0]", "len(bait)"])
def test_objects_have_no_parts_an_expression_can_see(text: str) -> None:
    with pytest.raises(WrongValue):
        compile(text).evaluate({"bait": Tempting()})


def test_lists_and_texts_cannot_be_grown_without_bound() -> None:
    long: Mapping[str, object] = {"t": "a" * 9_999, "l": [1] * 999}
    for text in ("t + t", "l + l", "t + t + t", "[l, l] + l"):
        with pytest.raises(WrongValue, match="terlalu panjang"):
            compile(text).evaluate(long)


def test_data_nested_hundreds_deep_ends_in_a_sentence() -> None:
    left: list[object] = []
    right: list[object] = []
    for _ in range(5_000):
        left, right = [left], [right]
    with pytest.raises(WrongValue, match="terlalu dalam"):
        compile("a == b").evaluate({"a": left, "b": right})


def test_too_long_an_expression_is_refused_unread() -> None:
    with pytest.raises(TooLong, match="2000"):
        compile(" " * LONGEST + "1")


def test_a_function_is_no_name() -> None:
    with pytest.raises(NotAllowed, match="“len”"):
        compile("len > 1")


WORDS = st.sampled_from(
    [
        *("outcome", "Langkah_2", ".jumlah", ".daftar", "triwulan", "kosong", "besar", "__class__"),
        *("==", "=", "!=", "<", ">", "+", "-", "*", "/", "%", "!", "&&", "||", "**", ":", ";", ","),
        *("(", ")", "[", "]", "${", "#{", "}", "0", "1", "2.5", ".", "'a'", '"b"', "true", "null"),
        *("and", "or", "not", "in", "is", "if", "then", "else", "for", "lambda"),
        *("len", "min", "round", "sum", "str", "int"),
    ]
)


@given(
    st.text(max_size=120)
    | st.text(alphabet="outcme ()[]{}.,'\"=!&|+-*/%<>if#$\\0123_\n", max_size=300)
    | st.lists(WORDS, max_size=60).map(" ".join)
    | st.lists(WORDS, max_size=400).map("".join)
)
def test_any_text_ends_in_a_value_or_a_sentence(text: str) -> None:
    began = time.thread_time()
    try:
        value(text)
    except BadExpression as refused:
        assert str(refused)
    assert time.thread_time() - began < 5


NUMBERS = st.integers(-1000, 1000)


@given(NUMBERS, NUMBERS, st.sampled_from(["+", "-", "*", "<", "<=", ">", ">=", "==", "!="]))
def test_numbers_behave_as_in_python(left: int, right: int, sign: str) -> None:
    names = {"left": left, "right": right}
    assert compile(f"left {sign} right").evaluate(names) == eval(f"{left} {sign} {right}")


@given(st.text(max_size=50))
def test_any_text_can_be_quoted(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    assert compile(f"'{quoted}'").evaluate({}) == text
