"""Long texts of strangers that make a pattern try again from every place take no more than their share.

Each is read in a process of its own, which a pattern of quadratic time would not end within the limit.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from oim.features.cv.extraction.lines import MAX_LINE_LENGTH, clean_lines
from oim.features.cv.readers import pdf_columns
from oim.features.cv.readers.pdf_columns import MAX_LINES, MAX_STARTS, order_lines

LIMIT = 120  # seconds for all together, with the imports: some two are needed
READ_ALL = """
from oim.channels.wording.gsm import to_gsm
from oim.features.ingestion.mapping import PLACEHOLDER
from oim.features.ingestion.values.money import TOKEN, clean_money_text
from oim.features.ingestion.values.visit_text import find_visits
from oim.features.matching.query_text import select_query_text, select_wishes
from oim.features.opportunities import is_clear_page
from oim.features.trust.screening.phrases import split_sentences

for sign in (" ", "\\t", "\\n", "\\r\\n", "\\n ", "\\u00a0", "1", "{", "a", "a.", ". ", "1 111", "depos"):
    text = "Venez ici" + sign * (60_000 // len(sign)) + "z"
    list(find_visits(text))
    split_sentences(text)
    select_query_text(text, [])
    select_wishes(text)
    to_gsm(text)
    clean_money_text(text)
    list(TOKEN.finditer(text))
    PLACEHOLDER.findall(text)
    is_clear_page("https://" + sign * (60_000 // len(sign)))
"""


def test_no_text_makes_a_pattern_slow() -> None:
    subprocess.run([sys.executable, "-c", READ_ALL], check=True, timeout=LIMIT)


def test_columns_of_a_page_are_looked_for_among_bounded_places(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    is_shared = pdf_columns._is_shared

    def count(line: str, start: int) -> bool:
        compared.append(start)
        return is_shared(line, start)

    monkeypatch.setattr(pdf_columns, "_is_shared", count)
    order_lines(["a" * (1 + at % 700) + "   b" for at in range(3_000)])
    assert len(compared) <= MAX_LINES * (MAX_STARTS + 1)


def test_spans_of_dates_on_every_line_do_not_become_one_long_line() -> None:
    lines = clean_lines(["2015 -", *["2016 -"] * 1_000])
    assert max(len(line.text) for line in lines) <= MAX_LINE_LENGTH
    assert [line.text for line in clean_lines(["2015 -", "2018"])] == ["2015 - 2018"]
