"""The model: the additive classifier of a pair, its calibration, and the scorecard of an account alone.

Imports ``features`` and ``certification``.
"""
