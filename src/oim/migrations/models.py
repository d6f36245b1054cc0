"""The tables of all features. To import this module is to declare them all.

Tables refer to those of other features, and rotating keys goes through every sealed column: a process that
knows only the tables of the features it uses could do neither.
"""

from oim.features.access import models as access
from oim.features.applications import models as applications
from oim.features.audit import models as audit
from oim.features.consents import models as consents
from oim.features.cv import models as cv
from oim.features.events import models as events
from oim.features.following import models as following
from oim.features.ingestion import models as ingestion
from oim.features.matching import models as matching
from oim.features.matching.learning import models as learning
from oim.features.messages import models as messages
from oim.features.occupations import models as occupations
from oim.features.opportunities import models as opportunities
from oim.features.people import models as people
from oim.features.sign_in import models as sign_in
from oim.features.staff import models as staff
from oim.features.statistics import models as statistics
from oim.features.trust import models as trust
from oim.kit.db import Base

MODELS = (
    access,
    applications,
    audit,
    consents,
    cv,
    events,
    following,
    ingestion,
    learning,
    matching,
    messages,
    occupations,
    opportunities,
    people,
    sign_in,
    staff,
    statistics,
    trust,
)
METADATA = Base.metadata
