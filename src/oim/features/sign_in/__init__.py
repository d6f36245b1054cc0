"""Signing in: one-time codes to a contact, name and PIN, staff's three secrets, and the sessions that follow.

Who somebody is, `people` and `staff` know; what they may do is `access`'s.
"""

from oim.features.sign_in.account import Naming, add_contact, change_name, change_pin, prove_pin, renewed
from oim.features.sign_in.codes import (
    CODE_DIGITS,
    CODE_LIVES,
    TICKET_LIVES,
    challenged_contact,
    redeem,
    send_code,
    verified_contact,
)
from oim.features.sign_in.doors import Doors
from oim.features.sign_in.rules import named
from oim.features.sign_in.service import Joining, enter, join, staff_enter
from oim.features.sign_in.sessions import ABSOLUTE, IDLE, Sessions

__all__ = [
    "ABSOLUTE",
    "CODE_DIGITS",
    "CODE_LIVES",
    "IDLE",
    "TICKET_LIVES",
    "Doors",
    "Joining",
    "Naming",
    "Sessions",
    "add_contact",
    "challenged_contact",
    "change_name",
    "change_pin",
    "enter",
    "join",
    "named",
    "prove_pin",
    "redeem",
    "renewed",
    "send_code",
    "staff_enter",
    "verified_contact",
]
