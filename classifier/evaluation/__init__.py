"""Evaluation: the whole path, account in and verdict out, measured on cases that the model has never seen.

``metrics`` are pure functions of one DataFrame; ``requirements`` are bounds that figures must keep to;
``own_accounts`` measures an operator's genuine accounts against the certificates. Imports ``labels``, ``simulation``,
``model_store``, ``scoring`` and below. Nothing that serves imports it.
"""
