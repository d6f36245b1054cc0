"""What the product does, one package a feature: places, occupations, opportunities, ingestion, matching.

No vendor, no wire format of a gateway, no wording of a screen: those are adapters' and channels'.
"""
