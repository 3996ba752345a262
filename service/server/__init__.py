"""The server: ``bootstrap`` opens home, registry, model and database; ``run`` runs the processes that answer.

Imports everything else in ``service`` but ``cli``.
"""
