"""`oim recommend`: a profile in, a ranked list with reasons out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from oim.apps.cli import input_files
from oim.apps.cli.digests import compute_all_digests
from oim.apps.cli.terminal import output, t
from oim.apps.cli.tools import index_all, load_sample_if_empty, open_tools
from oim.channels.terminal import as_json, as_lines
from oim.features import opportunities, places
from oim.features.opportunities import Kind
from oim.kit.errors import BadInputError
from oim.kit.i18n import LANGUAGES, Language, format_number, mark, translator

LIMIT = 10
HELP = t('Recommend offers to a person. Example: oim recommend --text "couturière à Bafoussam" --limit 5')

Text = Annotated[str, typer.Option(help=t("What the person looks for and can do, in their own words."))]
ProfileFile = Annotated[Path | None, typer.Option(help=t("A profile as a JSON file, as the API takes it."))]
Kinds = Annotated[
    list[Kind] | None, typer.Option(help=t("A kind wanted; may be repeated."), metavar="|".join(Kind))
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
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]


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
    """Print the list, or what was done for everybody."""
    if all_people:
        _recommend_all(json_)
        return
    who = input_files.read_profile(profile) if profile else input_files.ProfileRequest()
    language = _parse_language(lang or who.language)
    who = replace(
        who,
        text=_replace_undecodable(text or who.text),
        kinds=tuple(kind or who.kinds),
        region=_parse_region(region or who.region),
        language=language,
    )
    with open_tools() as kit:
        load_sample_if_empty(kit)
        index_all(kit)
        most = _first_limit(limit, who.limit, LIMIT)
        answer = kit.engine.recommend_for_person(person, most) if person else kit.engine.recommend(who, most)
        with kit.database.read() as session:
            found = opportunities.get_many(session, [item.id for item in answer.items])
    if json_:
        typer.echo(json.dumps(as_json(answer, found, translator(language)), ensure_ascii=False, indent=2))
        return
    for line in as_lines(answer, found, translator(language)):
        output.print(line, markup=False)


def _recommend_all(json_: bool) -> None:
    with open_tools() as kit:
        load_sample_if_empty(kit)
        people, seconds = compute_all_digests(kit)
    if json_:
        typer.echo(json.dumps({"people": people, "seconds": round(seconds, 1)}))
        return
    told = format_number(people, t.language), format_number(round(seconds), t.language)
    output.print(t("Digests computed: %(people)s, in %(seconds)s s", people=told[0], seconds=told[1]))


def _parse_language(code: str | None) -> Language:
    for language in LANGUAGES:
        if code == language:
            return language
    if code is None:
        return t.language
    raise BadInputError(
        mark("The language %(given)s is not spoken here: fr or en."), field="lang", given=code
    )


def _first_limit(*limits: int | None) -> int:
    """The first that is given; 0 is given, and the engine refuses it."""
    return next(limit for limit in limits if limit is not None)


def _replace_undecodable(text: str) -> str:
    """The text less the bytes that are no text here, as those of another keyboard's encoding."""
    return text.encode("utf-8", "replace").decode()


def _parse_region(name: str | None) -> str | None:
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
    return places.lineage(place.code)[0].code
