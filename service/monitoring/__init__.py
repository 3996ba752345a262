"""Monitoring: recent decisions held against what the model was certified on, every hour."""
