"""The entry points of every process: command line, engine, site, worker, and `oim up`, which runs them all.

Nothing here decides how the product behaves: features do that, and bootstrap chooses the adapters.
"""
