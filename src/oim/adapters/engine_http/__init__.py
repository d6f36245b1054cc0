"""The matching engine in another process, over HTTP: the client of the routes in `channels.engine`.

What the engine decides is in `features.matching`; its server is `apps.engine`.
"""

from oim.adapters.engine_http.client import HttpEngine

__all__ = ["HttpEngine"]
