"""Measurements, side by side in one run: `python -m bench`. Nothing here is asserted; machines differ and are noisy."""
