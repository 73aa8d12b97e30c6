"""Runs the whole suite on this machine, for the demo, the end-to-end tests and the benchmarks.

One noun a file: authority (certificates), cluster (Postgres), program (one process), port,
suite (all of them together), operator and tenant (the two people who use it). The demo is told in
first_act and second_act.
Only Python's standard library.
"""
