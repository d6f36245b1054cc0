"""What is said of a part of the stack that ends or is back, as a whole sentence of each part."""

from __future__ import annotations

from oim.kit.i18n import mark

# By the name of a part's plan: that it ended, and that it is back.
_MESSAGES: dict[str, tuple[str, str]] = {
    "postgres": (mark("The database stopped; OIM starts it again"), mark("The database works again")),
    "valkey": (
        mark("The message store stopped; OIM starts it again"),
        mark("The message store works again"),
    ),
    "engine": (
        mark("The matching engine stopped; OIM starts it again"),
        mark("The matching engine works again"),
    ),
    "site": (mark("The site stopped; OIM starts it again"), mark("The site works again")),
    "worker": (mark("The workers stopped; OIM starts them again"), mark("The workers work again")),
}
_OTHER = (
    mark("A part of OIM (%(name)s) stopped; OIM starts it again"),
    mark("A part of OIM (%(name)s) works again"),
)


def stopped_message(name: str) -> str:
    """The message that a part ended."""
    return _MESSAGES.get(name, _OTHER)[0]


def back_message(name: str) -> str:
    """The message that a part is back."""
    return _MESSAGES.get(name, _OTHER)[1]
