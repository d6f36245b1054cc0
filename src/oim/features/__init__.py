"""What the product does, one package a feature: offers and their matching, people and what is theirs.

No vendor, no wire format of a gateway, no wording of a screen: those are adapters' and channels'.
"""
