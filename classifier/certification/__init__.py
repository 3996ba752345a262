"""Certification: thresholds with a proved bound on wrongful clearance, and whether that bound still holds.

Pure: numbers in, numbers out. Imports ``errors`` only.
"""
