"""Upload, reading and storage of CVs.

A CV is read in a sandboxed child process (`sandbox`, `readers`). Rules extract a proposal from its text
(`extraction`), which the person confirms item by item. The original file is stored encrypted, as a blob. What
was confirmed belongs to the feature `profile`.
"""

from oim.features.cv.errors import too_large_error
from oim.features.cv.orphan_files import (
    BLOB_PREFIX,
    delete_orphans,
    mark_for_deletion,
    mark_orphans_for_deletion,
    try_delete_blobs,
)
from oim.features.cv.proposals import (
    accept_proposal,
    purge_unsettled,
    to_profile_diploma,
    to_profile_job,
    to_profile_language,
)
from oim.features.cv.readers.limits import MAX_BYTES
from oim.features.cv.sandbox import MANY_SEND, find_isolation
from oim.features.cv.service import (
    LINK_LIFETIME,
    erase,
    is_valid_link,
    list_blob_keys,
    list_documents,
    load_original,
    load_proposal,
    settle_proposal,
    sign_link,
)
from oim.features.cv.shares import take_turn
from oim.features.cv.types import Diploma, Document, Doubt, Job, Language, Level, Proposal, Unsure
from oim.features.cv.upload import Upload, count_upload, read_upload, store_upload

__all__ = [
    "BLOB_PREFIX",
    "LINK_LIFETIME",
    "MANY_SEND",
    "MAX_BYTES",
    "Diploma",
    "Document",
    "Doubt",
    "Job",
    "Language",
    "Level",
    "Proposal",
    "Unsure",
    "Upload",
    "accept_proposal",
    "count_upload",
    "delete_orphans",
    "erase",
    "find_isolation",
    "is_valid_link",
    "list_blob_keys",
    "list_documents",
    "load_original",
    "load_proposal",
    "mark_for_deletion",
    "mark_orphans_for_deletion",
    "purge_unsettled",
    "read_upload",
    "settle_proposal",
    "sign_link",
    "store_upload",
    "take_turn",
    "to_profile_diploma",
    "to_profile_job",
    "to_profile_language",
    "too_large_error",
    "try_delete_blobs",
]
