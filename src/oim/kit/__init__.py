"""Tools without a domain: settings, database sessions, outbox, errors, clock, language, telemetry.

Nothing here knows what an offer or a person is.
"""
