"""Parsers of single values: text, numbers, dates, money, durations, places, languages, categories.

Each takes a value as a source wrote it and returns None where it states nothing usable. `normalisation`
puts the values together into a draft.
"""
