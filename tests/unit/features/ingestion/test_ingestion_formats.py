"""File formats: how each is recognised, and which records and rejects a file gives."""

import gzip
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.ingestion.formats import FORMATS, match_format
from oim.features.ingestion.formats.csv import MAX_ROW_LENGTH, MAX_UNCLOSED_QUOTES, detect_delimiter
from oim.features.ingestion.records import REJECT_REASONS, Record, Reject
from oim.features.ingestion.text_stream import PeekableText, file_document, open_document
from oim.kit.errors import BadInputError

Write = Callable[[str, str | bytes], Path]

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:job_listing="https://x.cm/">
<channel><title>Le site</title><link>https://x.cm</link>
<item><title>Comptable H/F</title><link>https://x.cm/1</link><content:encoded><![CDATA[<p>Un</p>]]></content:encoded>
<job_listing:location>Douala</job_listing:location><category>Finance</category><category>Audit</category></item>
<item><title>Maçon</title><link>https://x.cm/2</link></item>
</channel></rss>"""
JOB = {"@type": "JobPosting", "title": "Cuisinier"}


def read(path: Path) -> list[Record | Reject]:
    with open_document(file_document(path)) as document:
        return list(FORMATS[match_format(document.head, path.name)].read(document.text))


def detect_format(path: Path) -> str:
    with open_document(file_document(path)) as document:
        return match_format(document.head, path.name)


def page(*blocks: object) -> str:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in blocks)
    return f"<!doctype html><html><head>{scripts}</head><body>Bonjour</body></html>"


def reasons(items: list[Record | Reject]) -> list[str]:
    return [item.reason for item in items if isinstance(item, Reject)]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("titre;lieu\nMaçon;Douala\n", "csv"),
        ('{"title": "Maçon"}\n', "jsonl"),
        ('\n [{"title": "Maçon"}]', "jsonl"),
        (FEED, "rss"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "rss"),
        ("<?xml version='1.0'?><!-- x --><source><job/></source>", "indeed"),
        ("<!DOCTYPE html><html></html>", "jsonld"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"></html>', "jsonld"),
        ('<div><script type="application/ld+json">{}</script></div>', "jsonld"),
    ],
)
def test_a_format_is_recognised_by_content_and_not_by_file_name(
    write: Write, content: str, name: str
) -> None:
    assert detect_format(write("offers.bin", content)) == name


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        (b"PK\x03\x04" + bytes(range(256)) * 40, "not text"),
        ("Bonjour tout le monde\nCeci est une lettre\n", "no known format"),
        ("<svg></svg>", "no known format"),
        (b"\x1f\x8bnot really packed", "cannot be read"),
        ("a" * 2_000_000, "no known format"),
        # Commas of XML and HTML separate nothing.
        ('<!DOCTYPE offres SYSTEM "a,b.dtd">\n<offres><offre>A, B</offre></offres>\n', "no known format"),
        ("<?xml version='1.0'?>\n<!DOCTYPE x [<!ELEMENT x (a, b)>]>\n<x><a/>, <b/></x>\n", "no known format"),
        ("\n<!-- a, b -->\n<offres>c, d</offres>\n", "no known format"),
        ("<offres a='1'>A, B\nC, D\n</offres>", "no known format"),
    ],
)
def test_a_file_in_no_known_format_is_refused_with_a_clear_message(
    write: Write, content: str | bytes, words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        detect_format(write("offers.csv", content))


def test_the_error_for_a_missing_file_does_not_show_its_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"^none\.csv cannot be read: No such file or directory\.$"):
        detect_format(tmp_path / "none.csv")


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_is_read_with_any_delimiter(write: Write, mark: str) -> None:
    rows = [["titre", "lieu, (ville; quartier)"], ["Maçon", '"Douala, Akwa; Nord | Est\t3"']]
    quoted = [[rows[0][0], f'"{rows[0][1]}"'], rows[1]]
    items = read(write("a.csv", "\n".join(mark.join(row) for row in quoted)))
    assert items == [Record(1, {"titre": "Maçon", "lieu, (ville; quartier)": "Douala, Akwa; Nord | Est\t3"})]


def test_the_csv_delimiter_is_the_one_that_fits_the_rows() -> None:
    assert detect_delimiter("Titre;Salaire (min, max);Lieu\nMaçon;1,2;Douala\n") == ";"
    assert detect_delimiter("Titre\nMaçon\n") is None


def test_csv_rejects_broken_rows_one_by_one(write: Write) -> None:
    text = (
        "titre,lieu,url\n"
        '"Cuisinier,Douala,u1\n'  # never closed: costs this line only
        "Maçon,Kribi,u2\n"
        '"Serveur ""A""\nsuite",Limbe,u3\n'
        'Plombier,"Buea,u4\n'
        "X,Y\n"
        "A,B,C,D\n"
        "Nul\0le,Douala,x\n"
        "\n"
        "Peintre,Douala,u5,,\n"
    )
    items = read(write("a.csv", text))
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert reasons(items) == ["broken-quote", "broken-quote", "ragged", "ragged", "nul-byte"]
    titles = [item.fields["titre"] for item in items if isinstance(item, Record)]
    assert titles == ["Maçon", 'Serveur "A"\nsuite', "Peintre"]
    assert [item for item in items if isinstance(item, Reject)][2].detail == "2 / 3"


def test_csv_rejects_a_cell_that_is_too_long(write: Write) -> None:
    items = read(write("a.csv", f"titre,lieu\n{'a' * (MAX_ROW_LENGTH * 3)},b\nMaçon,Douala\n"))
    assert reasons(items) == ["too-long"]
    assert items[1] == Record(2, {"titre": "Maçon", "lieu": "Douala"})


def test_csv_stops_reading_when_every_line_opens_a_quote(write: Write) -> None:
    items = read(write("a.csv", "titre,lieu\n" + 'a","b\n' * 200_000))
    assert len(items) == MAX_UNCLOSED_QUOTES + 1
    assert reasons(items)[-1] == "broken-file"


def test_csv_columns_without_a_name_or_with_the_same_name_get_unique_names(write: Write) -> None:
    items = read(write("a.csv", "titre,,titre\na,b,c\n"))
    assert items == [Record(1, {"titre": "a", "#2": "b", "titre #3": "c"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_are_detected(write: Write, encoding: str) -> None:
    text = "titre;lieu\nMaçon expérimenté à l’œuvre;Yaoundé\nInfirmière;Ngaoundéré\n"
    items = read(write("a.csv", text.encode(encoding)))
    assert [item.fields for item in items if isinstance(item, Record)] == [
        {"titre": "Maçon expérimenté à l’œuvre", "lieu": "Yaoundé"},
        {"titre": "Infirmière", "lieu": "Ngaoundéré"},
    ]


def test_a_row_in_another_encoding_stays_readable(write: Write) -> None:
    text = "titre,lieu\nMaçon,Yaoundé\n".encode() + "Infirmière,Ngaoundéré\n".encode("cp1252")
    items = read(write("a.csv", text + "Électricien,Édéa\n".encode()))
    towns = [item.fields["lieu"] for item in items if isinstance(item, Record)]
    assert towns == ["Yaoundé", "Ngaoundéré", "Édéa"]


def test_old_mac_line_ends_separate_rows(write: Write) -> None:
    assert len(read(write("a.csv", "titre,lieu\rMaçon,Douala\rChef,Buea\r"))) == 2


def test_gzip_files_are_read_without_unpacking_them_first(write: Write) -> None:
    packed = gzip.compress(b'{"title": "A"}\n{"title": "B"}\n')
    assert [item.number for item in read(write("a.gz", packed))] == [1, 2]


def test_jsonl_rejects_broken_lines_one_by_one(write: Write) -> None:
    deep = "[" * 5000 + "]" * 5000
    lines = [
        '{"title": "A"}',
        "",
        "{broken",
        "[1]",
        "7",
        f'{{"x": {deep}}}',
        "{" + " " * 1_000_001,
        '{"title": "B"}',
    ]
    items = read(write("a.jsonl", "\n".join(lines)))
    assert reasons(items) == ["broken-json"] * 4 + ["too-long"]
    assert [item.number for item in items] == [1, 2, 3, 4, 5, 6, 7]


def test_a_small_json_array_is_read_like_json_lines(write: Write) -> None:
    assert read(write("a.json", '[{"title": "A"}, 5]')) == [
        Record(1, {"title": "A"}),
        Reject(2, "broken-json", "", "5"),
    ]
    with pytest.raises(BadInputError, match="broken"):
        read(write("b.json", '[{"title": "A"},'))
    with pytest.raises(BadInputError, match="10 MB"):
        read(write("c.json", '["' + "a" * 10_000_001 + '"]'))


def test_jsonld_offers_are_found_at_any_depth_of_the_graph(write: Write) -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "mainEntity": JOB},
            {"@type": ["Thing", "schema:Course"], "name": "C"},
        ]
    }
    listed = [{"itemListElement": [{"item": {"@type": "https://schema.org/Grant", "name": "G"}}]}]
    items = read(write("a.html", page(graph, listed, {"@type": "Person"})))
    names = [
        item.fields.get("title") or item.fields.get("name") for item in items if isinstance(item, Record)
    ]
    assert names == ["Cuisinier", "C", "G"]
    assert [item.number for item in items] == [1, 2, 3]


def test_the_only_jsonld_offer_of_a_page_gets_the_canonical_address(write: Write) -> None:
    link = '<link rel="canonical" href="https://x.cm/1">'
    (item,) = read(write("a.html", page(JOB).replace("<head>", f"<head>{link}")))
    assert isinstance(item, Record)
    assert item.fields["url"] == "https://x.cm/1"
    both = read(write("b.html", page(JOB, JOB).replace("<head>", f"<head>{link}")))
    assert all(isinstance(item, Record) and "url" not in item.fields for item in both)


def test_jsonld_rejects_a_broken_block_and_reads_the_other_ones(write: Write) -> None:
    text = page(JOB).replace(
        "<head>", '<head><script type="application/ld+json; charset=utf-8">{oops</script>'
    )
    items = read(write("a.html", text))
    assert reasons(items) == ["broken-json"]
    assert len(items) == 2


def test_a_jsonld_page_without_offers_is_empty_and_a_large_one_refused(write: Write) -> None:
    assert read(write("a.html", "<html><body>Rien</body></html>")) == []
    with pytest.raises(BadInputError, match="10 MB"):
        read(write("b.html", "<html>" + " " * 10_000_001))


def test_rss_records_have_prefixed_and_repeated_names(write: Write) -> None:
    first, second = read(write("a.xml", FEED))
    assert first == Record(
        1,
        {
            "title": "Comptable H/F",
            "link": "https://x.cm/1",
            "content:encoded": "<p>Un</p>",
            "job_listing:location": "Douala",
            "category": ["Finance", "Audit"],
        },
    )
    assert second.number == 2


def test_the_address_of_an_atom_entry_is_its_page_and_not_the_feed(write: Write) -> None:
    entry = (
        '<entry><title>Couture</title><link rel="self" href="https://x.cm/feed"/>'
        '<link rel="alternate" href="https://x.cm/1"/><category term="stage"/></entry>'
    )
    (item,) = read(write("a.xml", f'<feed xmlns="http://www.w3.org/2005/Atom">{entry}</feed>'))
    assert item == Record(1, {"title": "Couture", "link": "https://x.cm/1", "category": "stage"})


def test_the_job_xml_of_boards_is_read(write: Write) -> None:
    job = "<job><title><![CDATA[Chauffeur & livreur]]></title><city>Garoua</city></job>"
    items = read(write("a.xml", f"<source><publisher>X</publisher>{job}</source>"))
    assert items == [Record(1, {"title": "Chauffeur & livreur", "city": "Garoua"})]


def test_xml_with_forbidden_characters_is_still_read(write: Write) -> None:
    text = FEED.replace("Maçon", "Ma\x0bçon").encode().replace(b"Comptable", "Médecin".encode("cp1252"))
    titles = [item.fields["title"] for item in read(write("a.xml", text)) if isinstance(item, Record)]
    assert titles == ["Médecin H/F", "Ma çon"]


def test_the_items_before_the_end_of_a_truncated_xml_file_are_read(write: Write) -> None:
    items = read(write("a.xml", FEED[:-40]))
    assert len(items) == 2
    assert reasons(items)[0] == "broken-file"
    endless_item = FEED.replace("Maçon", "a" * 10_100_000)
    assert reasons(read(write("b.xml", endless_item))) == ["broken-file"]


@pytest.mark.parametrize("entity", ['"boum"', 'SYSTEM "file:///etc/hostname"'])
def test_xml_that_declares_entities_is_refused(write: Write, entity: str) -> None:
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a {entity}><!ENTITY b "&a;&a;">]>'
    text = f"{bomb}<rss><channel><item><title>&b;</title></item></channel></rss>"
    with pytest.raises(BadInputError, match="entities"):
        read(write("a.xml", text))


def test_deeply_nested_xml_is_read(write: Write) -> None:
    nested = "<b>" * 50_000 + "x" + "</b>" * 50_000
    text = f"<rss><channel><item><title>A</title><description>{nested}</description></item></channel></rss>"
    (item,) = read(write("a.xml", text))
    assert item == Record(1, {"title": "A", "description": "x"})


def test_every_reject_reason_has_a_message() -> None:
    assert "broken-file" in REJECT_REASONS
    assert all(REJECT_REASONS.values())


@given(
    st.text(alphabet="a\n", max_size=40),
    st.lists(st.tuples(st.sampled_from(["peek", "read", "readline"]), st.integers(1, 50)), max_size=8),
)
def test_peeking_does_not_change_what_is_read(content: str, calls: list[tuple[str, int]]) -> None:
    plain, peekable = StringIO(content), PeekableText(StringIO(content))
    for name, size in calls:
        if name == "peek":
            assert content[plain.tell() :].startswith(peekable.peek(size))
        else:
            assert getattr(peekable, name)(size) == getattr(plain, name)(size)
    assert peekable.read() == plain.read()
