"""The REST API: `/v1`, its documentation, health and metrics.

Pages for people are `web`; what is decided is in features.
"""

from oim.channels.rest.app import create_app

__all__ = ["create_app"]
