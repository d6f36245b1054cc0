"""Benchmarks of the engine beside named peers, in one run: ratios, not promises.

Run by `make bench` or `oim bench`; nothing of the product imports this.
"""
