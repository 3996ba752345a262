"""Reports: pages, model cards and figures for people to read.

Imports ``evaluation``. Nothing that serves imports it.
"""
