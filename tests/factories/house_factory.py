"""The services behind the API and the pages, as the tests of channels share them."""

from dataclasses import dataclass

from oim.adapters.blob_folder import FolderBlobs
from oim.features.matching.service import LocalEngine
from oim.features.opportunities import Draft
from oim.features.sign_in import SignInServices
from oim.kit.db import Database


@dataclass(frozen=True)
class House:
    """The services behind the API and the pages, and the drafts that the database was filled with."""

    database: Database
    engine: LocalEngine
    drafts: list[Draft]
    sign_in: SignInServices
    blobs: FolderBlobs
