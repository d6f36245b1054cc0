"""What REST and the HTML pages share of HTTP: services, requests and their limits, responses.

It has no routes, and no texts for people except messages of errors.
"""
