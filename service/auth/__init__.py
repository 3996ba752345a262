"""Who asks: API keys with roles and ends of access, sessions of people in the console, and pauses after wrong keys.

No web framework here. Imports ``records``, ``utils`` and ``errors``.
"""
