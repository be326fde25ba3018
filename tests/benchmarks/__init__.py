"""Measurements, each beside its peer or limit in the same run: `python -m tests.benchmarks [NAME ...] [--quick]`."""
