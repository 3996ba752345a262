"""Certification: thresholds with a proved bound on wrongful clearance (Neyman-Pearson), and no threshold without one.

Pure: numbers in, numbers out. ``own_accounts`` holds one against an operator's own accounts, ``monitoring`` tells
whether a bound still holds. Imports ``errors`` only.
"""
