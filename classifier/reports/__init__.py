"""Reports: evaluation reports, model cards and plots for people to read. Every page is one file that fetches nothing.

Imports ``evaluation``, ``training`` and below. Nothing that serves imports it.
"""
