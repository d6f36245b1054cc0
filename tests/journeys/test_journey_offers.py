"""Every offer of the running product can be answered, as counted through its public API."""

from collections import Counter

SAMPLE = "sample"


def test_every_offer_of_the_sample_can_be_answered(stack, record_property):
    offers = stack.offers()
    total = Counter(offer["source"] for offer in offers)
    answerable = Counter(offer["source"] for offer in offers if offer["ways"])
    for source, count in sorted(total.items()):
        share = f"{answerable[source]} of {count}, {answerable[source] / count:.0%}"
        record_property(f"open offers with a way to answer, source {source}", share)
    assert total[SAMPLE] > 300
    assert answerable[SAMPLE] == total[SAMPLE]
