"""The door by which other processes of ours reach the matching engine: HTTP, with a shared secret.

What a person sees is other channels' matter.
"""

from oim.channels.engine.app import create_engine_app

__all__ = ["create_engine_app"]
