"""What REST and the pages share of HTTP: the services they call, the caller's connection, bodies, statuses.

No route lives here, and nothing that a person reads but errors.
"""
