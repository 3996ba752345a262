"""The model: the additive classifier of a pair, its Platt scaling, and the scorecard of an account alone.

It takes features and gives probabilities; the signs that R7 asks for hold by construction, and what is missing adds
nothing (R8). Imports ``certification``, ``accounts`` and ``utils``.
"""
