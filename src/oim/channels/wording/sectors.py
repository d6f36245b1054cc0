"""What sectors are called."""

from __future__ import annotations

from oim.features.occupations import Sector
from oim.kit.i18n import mark

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
