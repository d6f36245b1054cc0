"""Blobs in a folder of this machine.

What is personal comes here sealed; nothing here knows what it is.
"""

from oim.adapters.blob_folder.folder import FolderBlobs

__all__ = ["FolderBlobs"]
