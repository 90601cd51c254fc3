"""Tables of one's own: what is guessed, and what is refused, with line and column."""

import tracemalloc

import numpy as np
import pytest

from core.errors import SpecificationError
from core.table import MOST_ROWS, TableError, read_samples, read_table


def test_header_target_and_task_are_guessed():
    made = read_samples("height,width,kind\n1,2,cat\n3,4,dog\n5,6.5,cat\n")
    assert made.features == ("height", "width")
    assert made.classes == ("cat", "dog")
    assert made.labels is not None
    assert made.labels.tolist() == [0, 1, 0]
    assert made.X.tolist() == [[1, 2], [3, 4], [5, 6.5]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", " , "])
def test_delimiters(delimiter: str):
    text = "\n".join(delimiter.join(row) for row in (["1", "2", "0"], ["3", "4", "1"]))
    assert read_samples(text).X.tolist() == [[1, 2], [3, 4]]


def test_numbers_are_measured_unless_they_are_a_few_whole_ones():
    assert read_samples("1,0.5\n2,1.5\n").task == "regression"
    assert read_samples("1,0\n2,1\n").task == "classification"
    assert read_samples("1,0\n2,1\n", task="regression").task == "regression"
    many = "\n".join(f"{index},{index}" for index in range(30))
    assert read_samples(many).task == "regression"


def test_a_target_by_name_or_place():
    text = "a,b,c\n1,2,3\n4,5,6\n"
    assert read_samples(text, target="a", task="regression").features == ("b", "c")
    made = read_samples(text, target=1, task="regression")
    assert made.Y is not None
    assert made.Y.tolist() == [[2], [5]]


def test_classes_of_numbers_are_in_their_order():
    made = read_samples("x,y\n0,10\n1,9\n2,2\n")
    assert made.classes == ("2", "9", "10")


def test_quoted_cells_and_blank_lines():
    table = read_table('name,"a, b"\n\n"1","x"\n2,"y ""z"""\n')
    assert table.names == ("name", "a, b")
    assert [row.cells for row in table.rows] == [("1", "x"), ("2", 'y "z"')]
    assert [row.line for row in table.rows] == [3, 4]


def test_numbers_with_a_decimal_comma_are_told_from_columns():
    with pytest.raises(TableError, match=r"Line 1, column 1 .* “1,5” has a decimal comma"):
        read_samples("1,5;2,5;a\n2,5;3,5;b\n")
    # A semicolon in a text separates nothing.
    assert read_samples("a,b,k\n1,2,x;y\n3,4,z;y\n").features == ("a", "b")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending(ending: str):
    text = "\ufeff" + ending.join(["a,k", "1,x", "", "−2,y", ""])
    made = read_samples(text)
    assert (made.features, made.X.tolist()) == (("a",), [[1], [-2]])
    with pytest.raises(TableError, match="Line 4, column 1"):
        read_samples(text.replace("−2", "two"))


def test_a_row_is_named_by_the_line_where_it_begins():
    with pytest.raises(TableError, match="Line 5, column 1"):
        read_samples('a,k\n1,"x\ny"\n2,z\nq,"w\nw"\n')
    with pytest.raises(TableError, match="Line 3: quotes"):
        read_samples('a,k\n1,x\n"2,z\n3,w\n4,w\n')


def test_one_number_is_one_class_however_it_is_written():
    made = read_samples("a,k\n1,2\n2,1\n3,1.0\n4,+1\n")
    assert made.classes == ("1", "2")
    assert made.labels is not None
    assert made.labels.tolist() == [1, 0, 0, 0]


def test_a_text_among_numbers_is_a_slip_unless_classes_are_asked_for():
    text = "a,y\n" + "".join(f"{index},{index + 0.5}\n" for index in range(5)) + "6,6.5m\n"
    with pytest.raises(TableError, match=r"Line 7, column 2 .*“6.5m” isn't a number"):
        read_samples(text)
    assert len(read_samples(text, task="classification").classes) == 6


def test_columns_without_a_name_are_numbered():
    assert read_samples(",,k\n1,2,x\n3,4,y\n").features == ("column 1", "column 2")


def test_rows_beyond_the_limit_are_counted_but_not_kept():
    text = "1,0\n" * 200_000
    tracemalloc.start()
    try:
        with pytest.raises(TableError, match="not 200,000"):
            read_samples(text)
        assert tracemalloc.get_traced_memory()[1] < 16 * 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,k\n1,x\n2,\n3,y\n", "Line 3, column 2 (k): the value is missing"),
        ("a,k\n1e300,x\n2,y\n", "“1e300” is beyond 1e+100"),
        ("a,k\n" + "9" * 140_000 + ",x\n2,y\n", "Line 2: a cell is longer than 131,072"),
        ("٣,x\n٤,y\n", "isn't a number"),
        ("", "empty"),
        ("a,b\n1,2\n", "fewer than two rows"),
        ("1\n2\n", "from 2 to 100 columns"),
        ("a,b\n1,2\n3\n", "Line 3 has 1 cell, but line 1 has 2"),
        ("a,b\n1,2.5\nx,3.5\n", "Line 3, column 1 (a): “x” isn't a number"),
        ("a,b\n1,2.5\n\n,3.5\n", "Line 4, column 1 (a): the value is missing"),
        ("a,b\n1,2.5\nNaN,3.5\n", "the value is missing"),
        ("a,b\ninf,2.5\n1,3.5\n", "“inf” isn't a number"),
        ("a,b\n1_0,2.5\n1,3.5\n", "“1_0” isn't a number"),
        ("a,a\n1,2\n3,4\n", "Line 1, column 2: two columns are called “a”"),
        ("a,b\n1,x\n2,x\n", "“b” has 1 value"),
        ('a,b\n"1,2\n3,4\n', "Line 2: quotes must open and close"),
        ("1,0\n" * (MOST_ROWS + 1), "at most 4,096 rows, not 4,097"),
    ],
)
def test_what_can_t_be_read_says_where(text: str, words: str):
    with pytest.raises(TableError) as caught:
        read_samples(text)
    assert words in caught.value.message
    assert caught.value.where == ["data", "table", "text"]


def test_a_column_that_isn_t_there():
    with pytest.raises(SpecificationError, match="Did you mean “kind”"):
        read_samples("a,kind\n1,x\n2,y\n", target="kin")
    with pytest.raises(SpecificationError, match="columns 0 to 1"):
        read_samples("a,kind\n1,x\n2,y\n", target=2)


def test_a_header_can_be_told():
    assert read_table("1,2\n3,4\n5,6\n", header=True).names == ("1", "2")
    with pytest.raises(TableError, match="isn't a number"):
        read_samples("a,b\n1,2\n3,4\n", header=False)
    assert np.array_equal(read_samples("1,2\n3,4\n", header=False).X, [[1], [3]])
