"""Applications of people to offers: sent here, moved from stage to stage by partners, asked about afterwards.

What is counted of them without names is `statistics`' matter.
"""
