"""Languages: gettext catalogues of every text a person sees, and numbers and dates as written in Cameroon.

The catalogues are in `locale/`. Which text is shown where is decided by each channel.
"""

from oim.kit.i18n.catalogue import (
    DEFAULT_LANGUAGE,
    LANGUAGES,
    Language,
    Translator,
    mark,
    negotiate_language,
    translator,
)
from oim.kit.i18n.formats import (
    format_date,
    format_distance,
    format_hour,
    format_money,
    format_month,
    format_number,
)

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "Language",
    "Translator",
    "format_date",
    "format_distance",
    "format_hour",
    "format_money",
    "format_month",
    "format_number",
    "mark",
    "negotiate_language",
    "translator",
]
