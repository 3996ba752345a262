"""The pinned Unicode data behind ``normalization``, version 17.0.0, and the script that regenerates it."""
