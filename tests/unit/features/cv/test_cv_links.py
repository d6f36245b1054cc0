"""A link to a CV is valid for one document, one actor and a few minutes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from people_factory import new_vault

from oim.features.access import Actor, Role
from oim.features.cv import LINK_LIFETIME, is_valid_link, sign_link

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_a_link_is_valid_for_its_actor_its_document_and_its_lifetime_only(tmp_path: Path) -> None:
    vault, document = new_vault(tmp_path), uuid4()
    owner = Actor(Role.PERSON, uuid4())
    expires, signature = sign_link(vault, owner, document, AT)
    assert expires == int((AT + LINK_LIFETIME).timestamp())
    assert is_valid_link(
        vault, owner, document, expires, signature, AT + LINK_LIFETIME - timedelta(seconds=1)
    )
    assert not is_valid_link(vault, owner, document, expires, signature, AT + LINK_LIFETIME)
    assert not is_valid_link(vault, owner, document, expires + 60, signature, AT)
    assert not is_valid_link(vault, owner, uuid4(), expires, signature, AT)
    assert not is_valid_link(vault, Actor(Role.PERSON, uuid4()), document, expires, signature, AT)
    assert not is_valid_link(vault, owner, document, expires, signature[:-1] + "é", AT)


def test_an_agents_link_is_not_valid_once_they_act_for_another_organisation(tmp_path: Path) -> None:
    vault, document, id_, organisation = new_vault(tmp_path), uuid4(), uuid4(), uuid4()
    expires, signature = sign_link(vault, Actor(Role.AGENT, id_, organisation), document, AT)
    assert is_valid_link(vault, Actor(Role.AGENT, id_, organisation), document, expires, signature, AT)
    assert not is_valid_link(vault, Actor(Role.AGENT, id_, uuid4()), document, expires, signature, AT)
