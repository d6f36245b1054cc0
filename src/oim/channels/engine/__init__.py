"""The matching engine over HTTP, for the other processes of OIM, which share a secret with it.

Its client is `adapters.engine_http`. People are served by the other channels.
"""

from oim.channels.engine.app import create_engine_app

__all__ = ["create_engine_app"]
