"""The entry points of every process: command line, engine, site, worker, and `oim up`, which runs them all.

Nothing here decides how the product behaves: features do that, and bootstrap chooses the adapters.
"""

import gc

# Every process imports this first, and then thousands of classes and functions, which nothing releases: after
# every 700 new objects, as Python has it, the collector would look for what to release among them.
gc.set_threshold(10_000, 10, 10)
