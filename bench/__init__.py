"""Benchmarks of the engine against other search engines, on one machine in one run, so that ratios count.

Run them with `make bench` or `oim bench`; nothing of the product imports this package.
"""
