"""Scoring: one reported account in, one assessment out; and the policy, pure rules over an assessment.

``scorer`` asks identity first, then retrieves, compares and chooses; ``direction`` tells who copies whom (R2);
``evidence`` explains. Imports ``model``, ``features``, ``retrieval``, ``registry`` and below.
"""
