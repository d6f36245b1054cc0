"""The REST API: the routes under `/v1`, their documentation, the health check and the metrics.

HTML pages are in `web`; what both decide is in the features.
"""

from oim.channels.rest.app import create_app

__all__ = ["create_app"]
