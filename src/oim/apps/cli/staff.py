"""`oim staff`: accounts of agents, case workers, analysts and administrators."""

from __future__ import annotations

import json
from typing import Annotated
from uuid import UUID

import typer

from oim import bootstrap
from oim.apps.cli.terminal import output, report, t
from oim.apps.cli.tools import prepare_database
from oim.apps.up import running_services, site_address
from oim.channels.wording import ROLES
from oim.features import opportunities, staff
from oim.features.access import STAFF_ROLES, SYSTEM, Role
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

app = typer.Typer(help=t("Accounts of those who work here."), no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help=t("Print JSON."))]
RoleName = Annotated[str, typer.Option("--role", help=t("agent, case_worker, analyst or administrator."))]
OrganisationName = Annotated[str | None, typer.Option(help=t("Whose agent, by its name as published."))]
FullName = Annotated[str, typer.Option("--name", help=t("How they are called."))]


@app.command("invite", help=t("Invite somebody, and print the link they must follow within a week. "
                              "Example: oim staff invite ada@example.org --role administrator"))  # fmt: skip
def invite(
    email: str,
    role: RoleName,
    name: FullName = "",
    organisation: OrganisationName = None,
    json_: AsJson = False,
) -> None:
    """An account; who has one is invited anew."""
    with running_services(Settings(), ("postgres", "valkey"), report, prepare_database) as settings:
        database = bootstrap.database(settings)
        with database.write() as session:
            whose = opportunities.get_organisation_id(session, organisation) if organisation else None
            id_, secret = staff.invite(session, SYSTEM, email, name, _role(role), whose)
        bootstrap.sign_in_services(settings).sessions.end_all(id_)
        database.close()
    link = f"{site_address(settings)}/{t.language}/staff/welcome/{secret}"
    if json_:
        typer.echo(json.dumps({"id": str(id_), "link": link}))
        return
    output.print(t("Give them this link, by a way that only they read:"))
    output.print(link, markup=False)


@app.command("list", help=t("List the accounts. Example: oim staff list"))
def list_(json_: AsJson = False) -> None:
    """One line an account."""
    with running_services(Settings(), ("postgres",), report, prepare_database) as settings:
        database = bootstrap.database(settings)
        with database.write() as session:
            found = staff.list_members(session, SYSTEM)
        database.close()
    if json_:
        typer.echo(json.dumps([_to_dict(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        output.print(f"{one.id}  {t(ROLES[one.role])}  {one.name}  {_describe_state(one)}", markup=False)
    if not found:
        output.print(t("No account yet. Invite an administrator: oim staff invite --help"))


@app.command("disable", help=t("Let somebody sign in no more. Example: oim staff disable ID"))
def disable(id_: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Their sessions end with the next thing they ask for."""
    with running_services(Settings(), ("postgres", "valkey"), report, prepare_database) as settings:
        database = bootstrap.database(settings)
        with database.write() as session:
            staff.disable(session, SYSTEM, _parse_id(id_))
        bootstrap.sign_in_services(settings).sessions.end_all(_parse_id(id_))
        database.close()
    output.print(t("This account signs in no more."))


def _role(name: str) -> Role:
    if name not in STAFF_ROLES:
        raise BadInputError(
            mark("There is no role %(name)s: %(known)s."), name=name, known=", ".join(sorted(STAFF_ROLES))
        )
    return Role(name)


def _parse_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInputError(mark("This is not an identifier."), field="id") from None


def _to_dict(member: staff.Member) -> dict[str, object]:
    return {
        "id": str(member.id),
        "role": member.role.value,
        "name": member.name,
        "email": member.email,
        "confirmed": member.confirmed_at is not None,
        "disabled": member.disabled_at is not None,
    }


def _describe_state(member: staff.Member) -> str:
    if member.disabled_at:
        return t("disabled")
    return member.email if member.confirmed_at else t("%(email)s, invited", email=member.email)
