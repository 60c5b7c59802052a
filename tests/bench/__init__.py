"""Measurements: side by side in one run, medians of several rounds, CPU time for each operation."""
