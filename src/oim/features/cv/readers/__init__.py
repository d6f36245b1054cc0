"""What runs in a process of its own: the bytes of an unknown file become lines of text, or a refusal.

It starts fast and holds no secrets: it imports nothing of OIM's but itself. `apart` starts and bounds it.
"""
