"""What a person tells of themselves, question by question; what they have not told, and what it would open.

How offers are chosen by it is `matching`'s; who they are is `people`'s.
"""
