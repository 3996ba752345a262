"""The routes for programs, by what they are about: thin layers over ``service.decisions.check_service``.

Imports ``schemas``, ``decisions`` and what all of ``web`` shares.
"""
