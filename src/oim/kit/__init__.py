"""Tools without a domain: settings, database, keys, files, cache, rate limits, errors, time, languages, logs.

Nothing here knows what an offer or a person is.
"""
