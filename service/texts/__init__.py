"""What people are told, in their language: the person behind a reported account, and whoever reported it.

A catalogue is a JSON file a language, ``en.json`` and so on, all with the same keys and placeholders. ``compose`` is
pure: it takes codes and gives sentences. Nothing in here decides anything.
"""
