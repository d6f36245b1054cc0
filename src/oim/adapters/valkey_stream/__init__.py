"""Event stream on Valkey or Redis (`XADD`): the embedded server, or one by its URL.

What an event is, and when it is forwarded, is in `features.events`.
"""

from oim.adapters.valkey_stream.stream import ValkeyStream

__all__ = ["ValkeyStream"]
