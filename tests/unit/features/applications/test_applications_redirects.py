"""Links to partners' sites: signed, and leading only where the offer says."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_factory import new_vault

from oim.features.applications import check_redirect, parse_destination, sign_redirect
from oim.features.opportunities import Draft, Kind, Opportunity
from oim.kit.clock import now
from oim.kit.errors import NotFoundError

OFFER, OTHER, LIST = UUID(int=1), UUID(int=2), UUID(int=3)
URL = "https://emploi.example.cm/offres/12"


def offer(url: str | None) -> Opportunity:
    draft = Draft(kind=Kind.EMPLOYMENT, external_id="1", title="Maçon", url=url)
    return Opportunity(id=OFFER, source="test", draft=draft, first_seen_at=now(), changed_at=now())


def test_a_link_of_ours_is_known_again(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    for list_id in (None, LIST):
        check_redirect(vault, sign_redirect(vault, OFFER, URL, list_id), OFFER, URL, list_id)


def test_a_link_that_was_tampered_with_leads_nowhere(tmp_path: Path) -> None:
    vault = new_vault(tmp_path)
    signature = sign_redirect(vault, OFFER, URL, LIST)
    forged = [
        (signature, OTHER, URL, LIST),  # another offer
        (signature, OFFER, "https://evil.example/", LIST),  # the offer's address changed since
        (signature, OFFER, URL, OTHER),  # another list
        (signature, OFFER, URL, None),
        (signature[:-1] + "é", OFFER, URL, LIST),
        ("", OFFER, URL, LIST),
        (vault.sign(str(OFFER), URL, str(LIST)), OFFER, URL, LIST),  # signed for something else
    ]
    for one in forged:
        with pytest.raises(NotFoundError):
            check_redirect(vault, *one)


def test_another_house_signs_otherwise(tmp_path: Path) -> None:
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    ours, theirs = new_vault(tmp_path / "ours"), new_vault(tmp_path / "theirs")
    with pytest.raises(NotFoundError):
        check_redirect(ours, sign_redirect(theirs, OFFER, URL, None), OFFER, URL, None)


@pytest.mark.parametrize(
    ("url", "host", "reached"),
    [
        (URL, "emploi.example.cm", URL),
        ("HTTP://Emploi.Example.CM", "emploi.example.cm", "http://emploi.example.cm/"),
        ("https://emploi.example.cm:443/a", "emploi.example.cm", "https://emploi.example.cm/a"),
        ("http://emploi.example.cm:8080/", "emploi.example.cm:8080", "http://emploi.example.cm:8080/"),
        ("https://emploi.example.cm./", "emploi.example.cm", "https://emploi.example.cm/"),
        ("https://bücher.example/", "xn--bcher-kva.example", "https://xn--bcher-kva.example/"),
        (
            "https://аpple.com/",
            "xn--pple-43d.com",
            "https://xn--pple-43d.com/",
        ),  # the first letter is Cyrillic
        ("https://a.example/é?q=ç%20d#ê", "a.example", "https://a.example/%C3%A9?q=%C3%A7%20d#%C3%AA"),
        ("https://a.example?next=//b.example", "a.example", "https://a.example/?next=//b.example"),
    ],
)
def test_the_host_is_shown_as_the_browser_will_reach_it(url: str, host: str, reached: str) -> None:
    found = parse_destination(offer(url))
    assert (found.host, found.url) == (host, reached)


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "/offres/12",
        "//evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example/",
        "https:evil.example",
        "https://emploi.example.cm@evil.example/",
        "https://user:secret@a.example/",
        "https://@a.example/",
        "https://evil.example\\@a.example/",
        "https://evil.example\\.a.example/",
        "https://a.example/\nLocation: https://evil.example",
        "https://a.exa\tmple/",
        " https://a.example/",
        "https://a.example/\u2028x",
        "https://a.example:99999/",
        "https://a.example:x/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://1.2.3.0x4/",
        "https://[::1]/",
        "https://[::1",
        "https://localhost/",
        "https://a..example/",
        "https://" + "a" * 64 + ".example/",
        "https://a.example%2eevil/",
        "https://",
    ],
)
def test_an_address_that_is_not_plainly_a_site_is_not_opened(url: str | None) -> None:
    with pytest.raises(NotFoundError):
        parse_destination(offer(url))


@given(st.text(max_size=40), st.sampled_from(["", "https://", "http://a.example", "https://a.example/"]))
def test_what_is_opened_is_always_the_host_that_is_shown(text: str, start: str) -> None:
    try:
        found = parse_destination(offer(start + text))
    except NotFoundError:
        return
    assert found.url.isascii()
    assert found.url.startswith((f"https://{found.host}/", f"http://{found.host}/"))
    assert parse_destination(replace(offer(found.url))) == found
