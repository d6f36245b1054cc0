"""`oim recommend`: recommend offers for a profile, as a ranked list with reasons."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, t
from oim.kit.errors import BadInputError
from oim.kit.i18n import LANGUAGES, Language, format_number, mark, translator

if TYPE_CHECKING:
    from oim.apps.cli.input_files import ProfileRequest

# `opportunities.Kind`, which parsing would have to load that feature for; a test keeps them equal.
KindName = StrEnum("KindName", ["EMPLOYMENT", "TRAINING", "AGR"])
LIMIT = 10  # offers, where nothing states how many
Text = Annotated[str, typer.Option(help=t("What the person looks for and can do, in their own words."))]
ProfileFile = Annotated[Path | None, typer.Option(help=t("A profile as a JSON file, as the API takes it."))]
Kinds = Annotated[
    list[KindName] | None, typer.Option(help=t("A kind wanted; may be repeated."), metavar="|".join(KindName))
]
Region = Annotated[str | None, typer.Option(help=t("Where the person lives: CM-OU, or a name."))]
Lang = Annotated[str | None, typer.Option(help=t("Language of the answer: fr or en."))]
Limit = Annotated[
    int | None, typer.Option(help=t("How many offers, 1 to 50; 10 by default."), show_default=False)
]
AllPeople = Annotated[
    bool, typer.Option("--all-people", help=t("Compute the digest of every person who is kept, once a day."))
]
Person = Annotated[
    UUID | None, typer.Option(help=t("The number of a person whose profile is kept."), metavar="ID")
]


def recommend(  # noqa: PLR0913, PLR0917 (each is an option of the command line)
    text: Text = "",
    profile: ProfileFile = None,
    kind: Kinds = None,
    region: Region = None,
    lang: Lang = None,
    limit: Limit = None,
    all_people: AllPeople = False,
    person: Person = None,
    json_: AsJson = False,
) -> None:
    """Print the recommended offers; or, for `--all-people`, how many digests were computed.

    Options of the command line take precedence over the fields of the profile file.
    """
    from oim.apps.cli import input_files
    from oim.features.opportunities import Kind

    if all_people:
        _recommend_all(json_)
        return
    request = input_files.read_profile(profile) if profile else input_files.ProfileRequest()
    language = _parse_language(lang or request.language)
    request = replace(
        request,
        text=_replace_undecodable(text or request.text),
        kinds=tuple(map(Kind, kind)) if kind else request.kinds,
        region=_parse_region(region or request.region),
        language=language,
    )
    _show_answer(request, person, _first_limit(limit, request.limit, LIMIT), language, json_)


def _show_answer(
    request: ProfileRequest, person: UUID | None, count: int, language: Language, json_: bool
) -> None:
    """Print the offers recommended for a profile, or for a person whose profile is kept."""
    from oim.apps.cli.tools import index_all, load_sample_if_empty, open_tools
    from oim.channels.terminal import as_json, as_lines
    from oim.features import opportunities

    with open_tools() as tools:
        load_sample_if_empty(tools)
        index_all(tools)
        engine = tools.engine
        answer = engine.recommend_for_person(person, count) if person else engine.recommend(request, count)
        with tools.database.read() as session:
            offers = opportunities.get_many(session, [item.id for item in answer.items])
    if json_:
        print_json(as_json(answer, offers, translator(language)), indent=2)
        return
    for line in as_lines(answer, offers, translator(language)):
        output.print(line, markup=False)


def _recommend_all(json_: bool) -> None:
    """Compute the digest of everybody with a stored profile, and print how many and how long it took."""
    from oim.apps.cli.digests import compute_all_digests
    from oim.apps.cli.tools import load_sample_if_empty, open_tools

    with open_tools() as tools:
        load_sample_if_empty(tools)
        people, seconds = compute_all_digests(tools)
    if json_:
        print_json({"people": people, "seconds": round(seconds, 1)})
        return
    output.print(
        t(
            "Digests computed: %(people)s, in %(seconds)s s",
            people=format_number(people, t.language),
            seconds=format_number(round(seconds), t.language),
        )
    )


def _parse_language(code: str | None) -> Language:
    """Return the language of a code, that of the terminal for None. Raises BadInputError if it is unknown."""
    for language in LANGUAGES:
        if code == language:
            return language
    if code is None:
        return t.language
    raise BadInputError(
        mark("The language %(given)s is not spoken here: fr or en."), field="lang", given=code
    )


def _first_limit(*limits: int | None) -> int:
    """Return the first limit that is stated."""
    # Not `or`: a stated 0 must reach the engine, which refuses it.
    return next(limit for limit in limits if limit is not None)


def _replace_undecodable(text: str) -> str:
    """Replace by `?` what the terminal's encoding could not decode."""
    # Python passes undecodable bytes of the command line on as lone surrogates, which UTF-8 cannot encode.
    return text.encode("utf-8", "replace").decode()


def _parse_region(name: str | None) -> str | None:
    """Return the code of the region in which a place lies, by its code or name. Raises BadInputError."""
    from oim.features import places

    if name is None:
        return None
    place = places.get(name.upper()) or places.resolve(name, None)
    if place is None:
        known = ", ".join(f"{region.code} {region.name(t.language)}" for region in places.regions())
        raise BadInputError(
            mark("No region is called %(given)s. There are: %(known)s."),
            field="region",
            given=name,
            known=known,
        )
    return places.lineage(place.code)[0].code  # its first member is the region
