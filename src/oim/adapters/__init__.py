"""What OIM talks to, one folder a provider: indexes, embedders, the engine over HTTP, files, telephones.

Each translates one port; no decision about people or offers is taken here.
"""
