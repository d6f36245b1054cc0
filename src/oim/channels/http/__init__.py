"""What REST and the pages share of HTTP: the services they call, requests and their limits, responses.

No route lives here, and nothing that a person reads but errors.
"""
