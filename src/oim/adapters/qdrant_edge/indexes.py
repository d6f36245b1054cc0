"""The indexes of one installation: a folder for each, and a file that names the current one."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from uuid import uuid4

from oim.adapters.qdrant_edge.index import EdgeIndex
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark


class EdgeIndexes:
    """The `Indexes` interface over a folder.

    A subfolder `NAME` has `shard` and `about.json` (its embedder and dimension). The file `current` has the
    name of the current index.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def current(self) -> tuple[str, str] | None:
        """Name of the current index and the URL of the embedder it was built with; None without one."""
        try:
            name = (self._root / "current").read_text().strip()
        except FileNotFoundError:
            return None
        return name, self.embedder_url(name)

    def embedder_url(self, name: str) -> str:
        """The URL of the embedder that an index was built with. Raises NotFoundError."""
        try:
            about = json.loads((self._root / name / "about.json").read_text())
        except FileNotFoundError:
            raise NotFoundError(mark("The index %(name)s is not there."), name=name) from None
        return str(about["embedder"])

    def create(self, embedder_url: str, dimension: int) -> tuple[str, EdgeIndex]:
        """Create an empty index beside the current one; remains of an interrupted build are removed first."""
        pointer = self._root / "current"
        self._remove_all_but(pointer.read_text().strip() if pointer.is_file() else None)
        # A readable part for people who look into the folder, and a random one so that no two collide.
        name = f"{re.sub(r'[^a-z0-9]+', '-', embedder_url.lower()).strip('-')}-{uuid4().hex[:8]}"
        folder = self._root / name
        index = EdgeIndex.create(folder / "shard", dimension)
        # Last: only a whole index has it, and `swap` refuses one without.
        (folder / "about.json").write_text(json.dumps({"embedder": embedder_url, "dimension": dimension}))
        return name, index

    def open(self, name: str) -> EdgeIndex:
        """Open an existing index, its log replayed."""
        return EdgeIndex.load(self._root / name / "shard")

    def swap(self, name: str) -> None:
        """Make an index the current one, atomically, and remove the others. Raises NotFoundError."""
        self.embedder_url(name)
        # A new file renamed over the old one: after a crash `current` names one index or the other, whole.
        draft = self._root / f"current.{uuid4().hex[:8]}"
        draft.write_text(name)
        draft.replace(self._root / "current")
        self._remove_all_but(name)

    def _remove_all_but(self, name: str | None) -> None:
        """Remove the folders of all indexes but one."""
        if self._root.is_dir():
            for entry in self._root.iterdir():
                if entry.is_dir() and entry.name != name:
                    shutil.rmtree(entry)
