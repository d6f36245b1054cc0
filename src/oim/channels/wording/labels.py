"""Plain labels for the values of the domain: one table per type, each text marked for the catalogues."""

from __future__ import annotations

from oim.features.access import Role
from oim.features.following import DismissalReason
from oim.features.occupations import Sector
from oim.features.opportunities import AgrForm, Contract, Gender, Kind, Status
from oim.features.people import Channel
from oim.kit.i18n import mark

# Pages list choices in the order of these tables; a test compares most of them with their enums.
KINDS: dict[Kind, str] = {
    Kind.EMPLOYMENT: mark("Job"),
    Kind.TRAINING: mark("Training"),
    Kind.AGR: mark("Small business"),
}
GENDERS: dict[Gender, str] = {
    Gender.FEMALE: mark("Woman"),
    Gender.MALE: mark("Man"),
}
STATUSES: dict[Status, str] = {
    Status.RETURNEE: mark("People back from abroad"),
    Status.DISPLACED: mark("People displaced inside the country"),
    Status.REFUGEE: mark("Refugees"),
    Status.YOUTH: mark("Young people"),
    Status.HOST_COMMUNITY: mark("People who host displaced people or refugees"),
}
CONTRACTS: dict[Contract, str] = {
    Contract.PERMANENT: mark("Permanent"),
    Contract.FIXED_TERM: mark("Fixed-term"),
    Contract.TEMPORARY: mark("Temporary work"),
    Contract.FREELANCE: mark("Self-employed"),
    Contract.INTERNSHIP: mark("Internship"),
    Contract.APPRENTICESHIP: mark("Apprenticeship"),
    Contract.DAY_LABOUR: mark("Day labour"),
}
AGR_FORMS: dict[AgrForm, str] = {
    AgrForm.GRANT: mark("Grant, not to be paid back"),
    AgrForm.LOAN: mark("Loan, to be paid back"),
    AgrForm.KIT: mark("Equipment to start with"),
}
# ISCED 2011 levels, by the certificates that Cameroon's two school systems give.
EDUCATION: dict[int, str] = {
    0: mark("No school certificate"),
    1: mark("Primary school (CEP, FSLC)"),
    2: mark("Lower secondary school (BEPC, CAP, O Level)"),
    3: mark("Upper secondary school (Baccalauréat, A Level)"),
    4: mark("Vocational course after upper secondary school"),
    5: mark("Two years after upper secondary school (BTS, HND, DUT)"),
    6: mark("Bachelor’s degree"),
    7: mark("Master’s degree or engineer"),
    8: mark("Doctorate"),
}
# Of an offer, beside its kind.
OFFER_LANGUAGES: dict[str, str] = {"fr": mark("in French"), "en": mark("in English")}
ROLES: dict[Role, str] = {
    Role.STRANGER: mark("Somebody not signed in"),
    Role.PERSON: mark("Person looking for a job, a course or support"),
    Role.AGENT: mark("Partner’s agent"),
    Role.CASE_WORKER: mark("Case worker"),
    Role.ANALYST: mark("Analyst"),
    Role.ADMINISTRATOR: mark("Administrator"),
    Role.SYSTEM: mark("OIM itself"),
}
CHANNELS: dict[Channel, str] = {
    Channel.SMS: mark("By SMS"),
    Channel.WHATSAPP: mark("By WhatsApp"),
    Channel.EMAIL: mark("By e-mail"),
}
# The trades that people know, by sector; `features.occupations` assigns occupations to them.
SECTORS: dict[Sector, str] = {
    Sector.AGRICULTURE_LIVESTOCK: mark("Farming, livestock, fishing"),
    Sector.FOOD_HOSPITALITY: mark("Food, catering, hotels"),
    Sector.TRADE: mark("Trade and sales"),
    Sector.CRAFTS_REPAIR: mark("Sewing, hairdressing, crafts, repairs"),
    Sector.BUILDING: mark("Building"),
    Sector.TRANSPORT: mark("Transport and delivery"),
    Sector.SECURITY_CLEANING_HOME: mark("Security, cleaning, housework"),
    Sector.HEALTH_CARE: mark("Health and care"),
    Sector.EDUCATION: mark("Teaching"),
    Sector.OFFICE_ADMIN: mark("Office, accounts, banking, law"),
    Sector.COMPUTING: mark("Computing and telephones"),
    Sector.INDUSTRY_ENERGY: mark("Factories, energy, mines, environment"),
    Sector.SOCIAL_NGO: mark("Social work and associations"),
    Sector.ARTS_MEDIA_SPORT: mark("Arts, media, sport"),
}
DISMISSAL_REASONS: dict[DismissalReason, str] = {
    DismissalReason.TOO_FAR: mark("It is too far"),
    DismissalReason.PAY_TOO_LOW: mark("It pays too little"),
    DismissalReason.NOT_MY_TRADE: mark("It is not my trade"),
    DismissalReason.NOT_NOW: mark("Not now"),
    DismissalReason.ALREADY_DONE: mark("I have done this already"),
    DismissalReason.SUSPICIOUS: mark("It looks like a fraud"),
    DismissalReason.OTHER: mark("Another reason"),
}
