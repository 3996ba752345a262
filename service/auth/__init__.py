"""Who asks: API keys with roles and ends of access, and sessions of people in the console.

No web framework here. Imports ``records``, ``utils`` and ``errors``.
"""
