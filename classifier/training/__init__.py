"""Training: labelled pairs, split by identity; fit, calibrate, certify.

Imports ``simulation``, ``labels``, ``evaluation`` and ``model``. Nothing that serves imports it.
"""
