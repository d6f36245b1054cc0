"""Steps of answering offers by each way, and of the news that a partner sends."""

from datetime import timedelta

from journey_visit import Visit

from oim.kit.clock import CAMEROON, now

# How a way is shown, and what its link opens: the telephone's own program, or nothing for a place.
WAYS = {
    "link": "a[href*='/leave/go']",
    "whatsapp": "a[href^='https://wa.me/237']",
    "telephone": "a[href^='tel:+237']",
    "email": "a[href^='mailto:']",
    "agency": ".notice",
    "address": ".notice",
}
PLACE = "Carrefour Bamendzi, Bafoussam, derrière la pharmacie"


def answer_each_way(visit: Visit, offers, look):
    """Open an offer of each way to answer, and go on by its button: a page warns before anything opens."""
    page = visit.page
    for kind, shown in WAYS.items():
        offer = next(one for one in offers if kind in [way["kind"] for way in one["ways"]])
        page.goto(f"/{visit.language}/opportunities/{offer['id']}")
        assert visit.go(f".body a[href*='/{'leave' if kind == 'link' else f'answer/{kind}'}']") == 200
        look(f"answer by {kind}")
        assert page.locator(f"main {shown}").count() >= 1
        assert page.locator("main .beware").count() == 1
        assert visit.go("main .button.second") == 200


def invite(desk: Visit, language):
    """Read the latest application as the partner does, and call its person to a meeting. Returns its day."""
    page, day = desk.page, (now() + timedelta(days=9)).astimezone(CAMEROON).date()
    page.goto(f"/{language}/staff/applications")
    desk.go("tbody th a")
    page.select_option("#stage", "interview")
    page.fill("#words", "Venez avec vos diplômes.")
    page.fill("#on", day.isoformat())
    page.fill("#hour", "09:30")
    page.fill("#place", PLACE)
    assert desk.go("form.panel .button") == 200
    return day


def read_news(visit: Visit, look, day):
    """Read first on the own space that a partner calls; day, hour and place stand on the application."""
    page = visit.page
    page.goto(f"/{visit.language}/me")
    look("my space, news")
    card = page.locator("main .card").first
    assert card.locator("a[href*='/me/applications/']").count() == 1
    visit.go("main .card a[href*='/me/applications/']")
    look("application, called to a meeting")
    shown = page.locator(".facts").inner_text()
    assert PLACE in shown
    assert str(day.day) in shown
    assert {"fr": "9 h 30", "en": "9:30"}[visit.language] in shown.replace("\xa0", " ").replace("\u202f", " ")
