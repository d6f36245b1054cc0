"""The templates of the pages, compiled once: by the first process that starts, for all the later ones."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from zlib import crc32

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from oim.channels.web.assets import asset_url
from oim.kit.i18n import LANGUAGES, translator


class CompiledTemplates(FileSystemBytecodeCache):
    """Files of compiled templates, which Jinja checks against their sources.

    To compile all of them takes as long as half of what a site imports, in each of its processes.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template, or leave it: the folder may be another's, and a disk full."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def create_environment(folder: Path) -> Environment:
    """Create the environment of the templates, whose compiled files lie in this folder."""
    # What they are compiled by besides their sources: the options below, and Jinja.
    maker = f"{crc32(Path(__file__).read_bytes()):08x}-{version('jinja2')}"
    environment = Environment(
        loader=PackageLoader("oim.channels.web"),
        # Offers come from feeds of other sites: nothing in them may become markup.
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates change with the program only: their files are not looked at again for every page.
        auto_reload=False,
        bytecode_cache=CompiledTemplates(str(folder), f"templates-{maker}-%s.cache"),
    )
    environment.globals["asset"] = asset_url
    return environment


# Beside the compiled modules: who may write there may change the program already.
TEMPLATES = create_environment(Path(__file__).parent / "__pycache__")


def load_templates() -> None:
    """Compile every template and read every catalogue of texts, so that no visitor waits for it."""
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)
    for language in LANGUAGES:
        translator(language)
