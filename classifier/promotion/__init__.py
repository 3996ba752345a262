"""Promotion: the gate decides whether a model may take the place of the one that serves.

``measurements`` measures both on the same cases, ``paired_bootstrap`` tells a difference from noise, ``gate`` decides
(it is pure), ``promote`` acts on the answer and logs it. Imports ``model_store``, ``evaluation`` and ``training``.
Nothing that serves imports it.
"""
