"""The child process that reads a file: unknown bytes become lines of text, or a refusal.

It starts fast and holds no secrets, since it imports no other part of OIM. `oim.features.cv.sandbox` starts
it and limits it from outside; `limits` does so from inside.
"""
