"""The HTTP contract against a fuzzer: ``python -m tests.contract --cases 10000 --seed 7``."""
