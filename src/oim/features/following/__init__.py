"""What a person follows: offers saved or put aside, searches saved, with word of what is new in them.

What became of an application is `applications`' matter.
"""
