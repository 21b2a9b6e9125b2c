"""Measurements, never tests: `make bench`, or `make bench BENCH=load`."""
