"""The embedded stack: PostgreSQL, Valkey and OIM's own processes, run on this machine by `oim up` and others.

What those processes do lives in their own modules. Servers that somebody else runs are reached by URL only;
this package never starts or stops them.
"""

from oim.apps.up.services import site_address
from oim.apps.up.stack import running_services
from oim.apps.up.state import end_with_servers
from oim.apps.up.supervisor import run_stack

__all__ = ["end_with_servers", "run_stack", "running_services", "site_address"]
