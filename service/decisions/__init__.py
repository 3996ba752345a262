"""Decisions: what the service does, without the web. ``check_service`` is the way in, for routes and pages alike.

A check is scored, judged and recorded (``check``), reviewed by two people (``reviews``), given a clearance
(``clearance_token``) that is redeemed once (``redemption``), and later judged by its outcome (``outcomes``). ``replay``
asks the same model again. Imports ``records``, ``auth``, ``schemas``, ``monitoring``, ``settings`` and what serves in
``classifier``; no web framework.
"""
