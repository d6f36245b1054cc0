"""A store of blobs in a folder of this machine.

Personal data arrives here sealed already (`kit.blobs`); this adapter only stores bytes.
"""

from oim.adapters.blob_folder.folder import FolderBlobs

__all__ = ["FolderBlobs"]
