"""Telephones and mailboxes that are not there: what is sent to them lies in a folder, sealed, for an hour.

Real gateways are other folders' matter. `oim simulate inbox` shows what came.
"""

from oim.adapters.simulator.inbox import Inbox, ReceivedMessage

__all__ = ["Inbox", "ReceivedMessage"]
