"""CVs: taken in, read apart from this process, what was read proposed, the original kept sealed.

What is kept of a person's trade and schooling is `profile`'s.
"""

from oim.features.cv.errors import too_large
from oim.features.cv.links import LIVES, link, linked
from oim.features.cv.orphan_files import FOLDER, delete_now, let_go, let_go_of_unnamed, sweep
from oim.features.cv.proposals import diploma_of, job_of, spoken_of, take
from oim.features.cv.readers.child import MOST_BYTES
from oim.features.cv.service import blob_keys, documents_of, erase, original, proposal, settle
from oim.features.cv.tasks import forget_unsettled
from oim.features.cv.types import Diploma, Document, Job, Language, Level, Proposal
from oim.features.cv.upload import count_upload, receive

__all__ = [
    "FOLDER",
    "LIVES",
    "MOST_BYTES",
    "Diploma",
    "Document",
    "Job",
    "Language",
    "Level",
    "Proposal",
    "blob_keys",
    "count_upload",
    "delete_now",
    "diploma_of",
    "documents_of",
    "erase",
    "forget_unsettled",
    "job_of",
    "let_go",
    "let_go_of_unnamed",
    "link",
    "linked",
    "original",
    "proposal",
    "receive",
    "settle",
    "spoken_of",
    "sweep",
    "take",
    "too_large",
]
