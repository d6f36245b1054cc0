"""Simulated telephones and mailboxes: what is sent to them is stored in a folder, sealed, for an hour.

`oim simulate inbox` shows the messages. Real gateways will be adapters of their own.
"""

from oim.adapters.simulator.inbox import Inbox, ReceivedMessage

__all__ = ["Inbox", "ReceivedMessage"]
