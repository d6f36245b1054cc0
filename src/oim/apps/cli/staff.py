"""`oim staff`: invite, list, re-enrol and disable agents, case workers, analysts and administrators."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from oim import bootstrap
from oim.apps.cli.json_output import AsJson, print_json
from oim.apps.cli.terminal import output, report, t
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

if TYPE_CHECKING:
    from oim.features import staff


app = typer.Typer()
# `access.STAFF_ROLES`, which parsing would have to load that feature for; a test keeps them equal.
RoleName = StrEnum("RoleName", ["AGENT", "CASE_WORKER", "ANALYST", "ADMINISTRATOR"])
Role = Annotated[
    RoleName,
    typer.Option(help=t("What they do here; an agent has an organisation."), metavar="|".join(RoleName)),
]
Email = Annotated[str, typer.Argument(help=t("Their e-mail address."))]
OrganisationName = Annotated[str | None, typer.Option(help=t("Whose agent, by its name as published."))]
FullName = Annotated[str, typer.Option("--name", help=t("How they are called."))]


@app.command("invite", help=t("Invite somebody, and print the link they must follow within a week. "
                              "Example: oim staff invite ada@example.org --role administrator"))  # fmt: skip
def invite(
    email: Email,
    role: Role,
    name: FullName = "",
    organisation: OrganisationName = None,
    json_: AsJson = False,
) -> None:
    """Create an account and print its invitation link; one closed or never confirmed is made anew."""
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services
    from oim.features import access, opportunities, staff

    _check_organisation(role, organisation)  # first, so that nothing is started for what is refused
    with running_services(Settings(), ("postgres", "valkey"), report, prepare_database) as settings:
        with closing(bootstrap.database(settings)) as database, database.write() as session:
            organisation_id = (
                opportunities.get_organisation_id(session, organisation) if organisation else None
            )
            id_, secret = staff.invite(
                session, access.SYSTEM, email, name, access.Role(role), organisation_id
            )
        # An account that was closed is made anew: nothing that was signed in by it stays.
        bootstrap.sign_in_services(settings).sessions.end_all(id_)
    _print_link(settings, id_, secret, json_=json_)


@app.command("re-enrol", help=t("Let somebody who lost the authenticator set up another: prints a link. "
                                "Example: oim staff re-enrol ada@example.org"))  # fmt: skip
def re_enrol(email: Email, json_: AsJson = False) -> None:
    """Print a link by which a member sets up another authenticator; their password and mandates stay."""
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services
    from oim.features import staff
    from oim.features.access import SYSTEM

    with running_services(Settings(), ("postgres", "valkey"), report, prepare_database) as settings:
        with closing(bootstrap.database(settings)) as database, database.write() as session:
            member = staff.find_member_id(session, email)
            secret = staff.re_enrol(session, SYSTEM, member)
        # Whoever holds the lost authenticator may be signed in by it.
        bootstrap.sign_in_services(settings).sessions.end_all(member)
    _print_link(settings, member, secret, json_=json_)


def _print_link(settings: Settings, id_: UUID, secret: str, *, json_: bool) -> None:
    """Print the link of an invitation."""
    from oim.apps.up import site_address

    link = f"{site_address(settings)}/{t.language}/staff/welcome/{secret}"
    if json_:
        print_json({"id": str(id_), "link": link})
        return
    output.print(t("Give them this link, by a way that only they read:"))
    output.print(link, markup=False)


@app.command("list", help=t("List the accounts. Example: oim staff list"))
def list_(json_: AsJson = False) -> None:
    """Print one line per account."""
    from oim.apps.cli.database import open_database
    from oim.channels.wording import ROLES
    from oim.features import staff
    from oim.features.access import SYSTEM

    # A writing session, since reading personal data is recorded in the audit trail.
    with open_database() as database, database.write() as session:
        members = staff.list_members(session, SYSTEM)
    if json_:
        print_json({"accounts": [_to_dict(member) for member in members]})
        return
    for member in members:
        role = t(ROLES[member.role])
        output.print(f"{member.id}  {role}  {member.name}  {_describe_state(member)}", markup=False)
    if not members:
        output.print(t("No account yet. Invite an administrator: oim staff invite --help"))


@app.command("disable", help=t("Let somebody sign in no more. Example: oim staff disable ada@example.org"))
def disable(email: Email) -> None:
    """Disable an account and end its sessions: the next request of somebody signed in to it is refused."""
    from oim.apps.cli.database import prepare_database
    from oim.apps.up import running_services
    from oim.features import staff
    from oim.features.access import SYSTEM

    with running_services(Settings(), ("postgres", "valkey"), report, prepare_database) as settings:
        with closing(bootstrap.database(settings)) as database, database.write() as session:
            member = staff.find_member_id(session, email)
            staff.disable(session, SYSTEM, member)
        bootstrap.sign_in_services(settings).sessions.end_all(member)
    output.print(t("This account signs in no more."))


def _check_organisation(role: RoleName, organisation: str | None) -> None:
    """Check that an agent has an organisation, and nobody else. Raises BadInputError."""
    if role is RoleName.AGENT and not organisation:
        raise BadInputError(
            mark('An agent works for an organisation: add --organisation "NAME", its name as published.'),
            field="organisation",
        )
    if role is not RoleName.AGENT and organisation:
        raise BadInputError(
            mark("Only an agent has an organisation: leave out --organisation, or give --role agent."),
            field="organisation",
        )


def _to_dict(member: staff.Member) -> dict[str, object]:
    """Return an account as a dictionary for JSON."""
    return {
        "id": str(member.id),
        "role": member.role.value,
        "name": member.name,
        "email": member.email,
        "confirmed": member.confirmed_at is not None,
        "disabled": member.disabled_at is not None,
    }


def _describe_state(member: staff.Member) -> str:
    """Describe an account's state: its email address, marked while the invitation is open, or `disabled`."""
    if member.disabled_at:
        return t("disabled")
    return member.email if member.confirmed_at else t("%(email)s, invited", email=member.email)
