"""Why an offer was shown in the list that it was opened from: the reasons of its card, on its own page.

They are found anew, from the search or the profile that the list was made by: an address that carried them
would tell others what somebody said of themselves.
"""

from __future__ import annotations

import re
from uuid import UUID

from oim.channels.http.costs import MIN_TEXT_COST, cost_of_text
from oim.channels.http.services import Services
from oim.channels.web.back_links import BACK_PARAMETER
from oim.channels.web.pages import PageContext
from oim.channels.web.recommendation_form import parse_recommendation_form
from oim.channels.web.search_links import open_search_fields
from oim.channels.wording import render_reason
from oim.features.access import Role
from oim.features.matching import Answer
from oim.kit.errors import OimError

# More than the list had: who asks now may be answered in another order.
MAX_OFFERS = 30
_OWN_LIST = re.compile(r"/[a-z]{2}/me(/offers)?")


def find_offer_reasons(page: PageContext, services: Services, offer: UUID) -> tuple[str, ...]:
    """Find why an offer was recommended to the visitor; empty where it was not, or nobody can say now."""
    try:
        answer = _recommend_again(page, services)
    except OimError:  # an engine that rests, or points that are spent: the offer itself is there
        return ()
    reasons = next((item.reasons for item in answer.items if item.id == offer), ()) if answer else ()
    return tuple(render_reason(reason, page.t) for reason in reasons)


def _recommend_again(page: PageContext, services: Services) -> Answer | None:
    """Recommend once more by what the list was made by, which is not recorded; None for other lists."""
    back = page.request.query_params.get(BACK_PARAMETER, "")
    # In any language: that of the page may have been changed since.
    if _OWN_LIST.fullmatch(back) and page.actor.role is Role.PERSON and page.actor.id is not None:
        page.spend(MIN_TEXT_COST)
        return services.engine.recommend_for_person(page.actor.id, MAX_OFFERS)
    fields = open_search_fields(services.database.vault, page.request, back)
    if fields is None:
        return None
    profile = parse_recommendation_form(fields, page.t).profile
    words_only = page.spend_search(cost_of_text(profile.text))
    return services.engine.recommend(profile, MAX_OFFERS, words_only=words_only)
