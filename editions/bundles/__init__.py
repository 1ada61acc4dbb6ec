"""The record as part of a bundle: what it looks like in a file, how it is drawn, and how its rows read."""
