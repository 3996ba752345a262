"""Genuine accounts that somebody who read the code would have cleared: each asked by every route, as told and as lied.

``python -m tests.red_team DIRECTORY`` prints what was cleared, which should be nothing.
"""
