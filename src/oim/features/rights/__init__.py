"""What the law gives to everybody: all that is kept of them at once, its erasure, its end after some time.

What is kept belongs to the other features; each tells here what it holds of a person.
"""
