"""The pages people see in a browser: rendered here, in French and English, without any JavaScript.

Words shared with other channels are `wording`; staff pages and the API are not here.
"""

from oim.channels.web.app import create_web, install
from oim.channels.web.services import Catalogue, Services

__all__ = ["Catalogue", "Services", "create_web", "install"]
