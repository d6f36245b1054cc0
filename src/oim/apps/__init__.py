"""How processes start: the command line, the engine, the site, the worker, and `oim up`, which runs them all.

What the product does lives in features; which adapter serves is chosen in bootstrap.
"""
