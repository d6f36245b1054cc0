"""What is written to people: sealed until it is sent, sent once, never at night, never too much.

The words are the channels'; how a gateway is spoken to is an adapter's matter.
"""

from oim.features.messages.service import (
    deliver,
    list_messages,
    purge_ended,
    queue_code,
    queue_message,
    was_notified,
)
from oim.features.messages.types import MessageKind, OutgoingMessage, Sender

__all__ = [
    "MessageKind",
    "OutgoingMessage",
    "Sender",
    "deliver",
    "list_messages",
    "purge_ended",
    "queue_code",
    "queue_message",
    "was_notified",
]
