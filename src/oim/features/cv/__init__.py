"""CVs: taken in, read apart from this process, what was read proposed, the original kept sealed.

What is kept of a person's trade and schooling is `profile`'s.
"""
