"""Adapters to what OIM talks to, a folder for each: indexes, embedders, engine over HTTP, blobs, senders.

Each implements one interface of a feature or of the kit. No decision about people or offers is made here.
"""
