"""Counts without names, by month: what stays when everything of a person is erased.

Nothing here can be led back to anybody.
"""
