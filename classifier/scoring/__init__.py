"""Scoring: one reported account in, one assessment out; and the policy, pure rules over an assessment.

Imports ``model``, ``retrieval``, ``registry`` and ``features``.
"""
