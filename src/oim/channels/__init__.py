"""The doors: each channel parses what it is given, calls a feature and renders the answer.

No decision about offers or people is taken here, and no adapter is chosen.
"""
