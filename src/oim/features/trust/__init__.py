"""How far an offer can be trusted: who it comes from, what in it warns, what people report, who reviews it.

What an offer is belongs to `opportunities`; how a warning is worded, to the channels.
"""
