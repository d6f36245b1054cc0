"""OIM gathers livelihood offers and matches them to each person, with reasons.

Rooms: apps, channels, adapters, features, kit. Nothing lives at this level but bootstrap.
"""
