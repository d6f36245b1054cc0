"""What is written to people: sealed until it is sent, sent once, never at night, never too much.

The words are the channels'; how a gateway is spoken to is an adapter's matter.
"""

from oim.features.messages.ports import Outgoing, Sender
from oim.features.messages.service import deliver, forget_ended, sent_to, was_written, write, write_code
from oim.features.messages.types import MessageKind

__all__ = [
    "MessageKind",
    "Outgoing",
    "Sender",
    "deliver",
    "forget_ended",
    "sent_to",
    "was_written",
    "write",
    "write_code",
]
