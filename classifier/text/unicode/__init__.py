"""The pinned Unicode data behind ``classifier.text.normalization``, version 15.0.0, and the script that regenerates it."""
