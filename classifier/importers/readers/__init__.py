"""Readers: rows out of CSV, JSON Lines, JSON lists and Parquet, packed or not. They know no accounts."""
