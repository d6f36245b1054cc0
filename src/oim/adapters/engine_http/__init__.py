"""The engine in another process, over HTTP: the client of the routes in `wire`.

What the engine decides is `features.matching`; its server is `apps.engine`.
"""

from oim.adapters.engine_http.client import HttpEngine

__all__ = ["HttpEngine"]
