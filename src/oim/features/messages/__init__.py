"""Messages to people and staff: queued sealed, sent once each, never at night and at most three a day.

The words are in `channels.wording`; adapters talk to the gateways.
"""

from oim.features.messages.delivery import deliver
from oim.features.messages.service import (
    find_first_sent,
    list_messages,
    purge_ended,
    queue_code,
    queue_message,
    queue_notice,
    queue_staff_message,
    was_notified,
)
from oim.features.messages.types import (
    MessageKind,
    MessageState,
    OutgoingMessage,
    RejectedError,
    RenderMessage,
    Sender,
)

__all__ = [
    "MessageKind",
    "MessageState",
    "OutgoingMessage",
    "RejectedError",
    "RenderMessage",
    "Sender",
    "deliver",
    "find_first_sent",
    "list_messages",
    "purge_ended",
    "queue_code",
    "queue_message",
    "queue_notice",
    "queue_staff_message",
    "was_notified",
]
