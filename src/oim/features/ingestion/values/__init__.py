"""What one value means: text, numbers, dates, money, durations, places, languages, words of the field.

Each function takes what a source wrote and gives None for what it does not say. Whole drafts are
`normalise`'s matter.
"""
