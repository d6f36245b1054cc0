"""Tools without a domain: settings, database, keys, files, cache, limits, errors, clock, language, telemetry.

Nothing here knows what an offer or a person is.
"""
