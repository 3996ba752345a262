"""Monitoring: recent decisions and their outcomes, held against what the model was certified on, every hour.

``watcher`` reads the records, asks ``classifier.certification.monitoring``, and withdraws a certificate that does not
hold. Imports ``records`` and ``signing``; no web framework.
"""
