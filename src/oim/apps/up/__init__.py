"""The embedded stack: PostgreSQL, Valkey and OIM's own processes, run here for `oim up` and other verbs.

What those processes do lives in their own modules; servers that others run are only addressed, by URL.
"""

from oim.apps.up.services import site_address
from oim.apps.up.stack import running_services
from oim.apps.up.supervisor import run_stack

__all__ = ["run_stack", "running_services", "site_address"]
