"""Training: labelled pairs, split by identity; fit, calibrate and certify, each on other identities.

``train`` gives a model that can serve; ``label_noise`` counts labels that contradict a model, ``baseline`` keeps what
monitoring compares with. Imports ``evaluation``, ``simulation``, ``labels``, ``scoring`` and below. Nothing that serves
imports it.
"""
