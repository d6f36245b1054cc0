"""Signing in: one-time codes, names and PINs, staff passwords, rate limits, and the sessions that follow.

Accounts are stored by `people` and `staff`; what an actor may do is decided by `access`.
"""

from oim.features.sign_in.account import add_contact, change_name, change_pin, replace_sessions, require_pin
from oim.features.sign_in.budgets import ABROAD, CODE_BUDGET, BudgetLevel, find_budget_faults
from oim.features.sign_in.codes import (
    CODE_DIGITS,
    CODE_LIFETIME,
    TICKET_LIFETIME,
    find_challenge_contact,
    load_ticket_contact,
    redeem_challenge,
    send_code,
)
from oim.features.sign_in.devices import DEVICE_LIFETIME, renew_device
from oim.features.sign_in.pin_request_store import PIN_DELAY, purge_pin_requests
from oim.features.sign_in.pin_requests import (
    PinClaim,
    cancel_by_secret,
    cancel_pin_request,
    compute_claim_number,
    confirm_pin_request,
    find_pin_request,
    request_pin,
    vouch_for_person,
)
from oim.features.sign_in.rate_limits import hash_subject
from oim.features.sign_in.service import JoinedMeanwhileError, register_person, sign_in_person
from oim.features.sign_in.sessions import ABSOLUTE_TIMEOUT, IDLE_TIMEOUT, STAY_TIMEOUT, LongSession, Sessions
from oim.features.sign_in.staff_service import begin_enrolment, sign_in_staff
from oim.features.sign_in.types import (
    AccountChange,
    ContactProof,
    Origin,
    PersonCredentials,
    PinChange,
    Registration,
    RunOnce,
    SignedIn,
    SignInServices,
    StaffCredentials,
)

__all__ = [
    "ABROAD",
    "ABSOLUTE_TIMEOUT",
    "CODE_BUDGET",
    "CODE_DIGITS",
    "CODE_LIFETIME",
    "DEVICE_LIFETIME",
    "IDLE_TIMEOUT",
    "PIN_DELAY",
    "STAY_TIMEOUT",
    "TICKET_LIFETIME",
    "AccountChange",
    "BudgetLevel",
    "ContactProof",
    "JoinedMeanwhileError",
    "LongSession",
    "Origin",
    "PersonCredentials",
    "PinChange",
    "PinClaim",
    "Registration",
    "RunOnce",
    "Sessions",
    "SignInServices",
    "SignedIn",
    "StaffCredentials",
    "add_contact",
    "begin_enrolment",
    "cancel_by_secret",
    "cancel_pin_request",
    "change_name",
    "change_pin",
    "compute_claim_number",
    "confirm_pin_request",
    "find_budget_faults",
    "find_challenge_contact",
    "find_pin_request",
    "hash_subject",
    "load_ticket_contact",
    "purge_pin_requests",
    "redeem_challenge",
    "register_person",
    "renew_device",
    "replace_sessions",
    "request_pin",
    "require_pin",
    "send_code",
    "sign_in_person",
    "sign_in_staff",
    "vouch_for_person",
]
