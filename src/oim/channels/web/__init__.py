"""The pages that people and staff see in a browser: rendered here, and whole without JavaScript.

Words shared with other channels are `wording`; the API is `rest`'s.
"""

from oim.channels.web.app import create_web, install

__all__ = ["create_web", "install"]
