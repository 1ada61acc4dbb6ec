"""Faults, tried for real: `python -m drills`. What they are and what came of them: docs/drills.md.

Real processes do what people and commands do, on scratch databases of their own, on this machine only. They are killed, starved
and hurried; then the record is verified and the site has to serve.
"""
