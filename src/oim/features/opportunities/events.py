"""What other features hear of offers, through the outbox."""

OFFER_CHANGED = "opportunity.changed"  # stored new, or changed; the key is the offer's id
