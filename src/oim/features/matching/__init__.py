"""One person's profile in, a short ranked list of offers out, each with its reasons.

Five stages: understand, retrieve, rank, compose, explain. Wording of reasons is the channels'.
"""
