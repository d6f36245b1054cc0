"""The pages that people and staff see in a browser: rendered here, and whole without JavaScript.

Words shared with other channels are `wording`; the API is `rest`'s.
"""

from oim.channels.web.app import create_web, install
from oim.channels.web.services import Catalogue, Services

__all__ = ["Catalogue", "Services", "create_web", "install"]
