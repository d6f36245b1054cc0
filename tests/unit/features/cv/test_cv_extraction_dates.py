"""Dates and spans in CVs, in French and English."""

import pytest

from oim.features.cv.extraction.dates import find_spans, split_around
from oim.features.cv.extraction.lines import Line

NOW = 2026
Dates = tuple[int, int | None, int | None, int | None]  # from: year, month; to: year, month

SPANS: dict[str, Dates] = {
    "depuis 2019 : Caissière": (2019, None, None, None),
    "Depuis le 12 mars 2020": (2020, 3, None, None),
    "since July 2021": (2021, 7, None, None),
    "janv. 2015 - mars 2018": (2015, 1, 2018, 3),
    "2015-2018": (2015, None, 2018, None),
    "2015 – 2018 : Maçon": (2015, None, 2018, None),
    "De 2016 à 2018 : aide comptable": (2016, None, 2018, None),
    "Juillet - Septembre 2015 : stage": (2015, 7, 2015, 9),
    "octobre - janvier 2016": (2015, 10, 2016, 1),
    "du 01/03/2015 au 30/06/2018": (2015, 3, 2018, 6),
    "03/2015 à ce jour": (2015, 3, None, None),
    "03/2020 – aujourd’hui": (2020, 3, None, None),
    "De mai 2017 à nos jours": (2017, 5, None, None),
    "2019 october - now: developer": (2019, 10, None, None),
    "Nov 2021 - Present": (2021, 11, None, None),
    "MAR 2022 TO PRESENT": (2022, 3, None, None),
    "Janvier 2014-Décembre 2014": (2014, 1, 2014, 12),
    "jan 2015 au 3 février 2016": (2015, 1, 2016, 2),
    "2015-03 / 2016-07": (2015, 3, 2016, 7),
    "2015/2016 BTS": (2015, None, 2016, None),
    "2015-16": (2015, None, 2016, None),
    "2012\t2015 couture": (2012, None, 2015, None),
    "Oct. 2018 – janvier": (2018, 10, 2019, 1),
    "2018 : Vendeuse": (2018, None, 2018, None),
    "En 2015": (2015, None, 2015, None),
}


@pytest.mark.parametrize("text", SPANS)
def test_a_span_is_parsed(text: str) -> None:
    span = find_spans(Line(text).folded_text, NOW)[0]
    end = span.end
    expected = SPANS[text]
    assert (span.start.year, span.start.month) == expected[:2]
    assert (end.year if end else None, end.month if end else None) == expected[2:]


@pytest.mark.parametrize(
    "text",
    [
        "Il a marché en mars",
        "you may go",
        "677 00 20 15",
        "Lead of 2048 games",
        "1 à 2 ans",
        "",
        "2099 - 2101",
    ],
)
def test_what_is_no_date_gives_no_span(text: str) -> None:
    assert find_spans(Line(text).folded_text, NOW) == []


def test_a_long_list_of_durations_does_not_slow_down_matching() -> None:
    folded_text = "caissiere 2019 - 2020 (" + "1 month " * 400
    [span] = find_spans(folded_text, 2026)
    assert split_around(folded_text, folded_text, span)[1].count("1 month") == 400
    folded_text = "caissiere 2019 - 2020, chef (2 ans, 3 mois et 1 month) a douala"
    [span] = find_spans(folded_text, 2026)
    assert split_around(folded_text, folded_text, span)[1].split() == [",", "chef", "a", "douala"]
