"""The pages that people and staff use in a browser, rendered on the server and complete without JavaScript.

Texts shared with other channels are in `channels.wording`; the JSON API is `channels.rest`.
"""

from oim.channels.web.app import create_web, install
from oim.channels.web.template_environment import load_templates

__all__ = ["create_web", "install", "load_templates"]
