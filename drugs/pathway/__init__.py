"""The treatment pathway of a condition: what follows what (`graph`), and a picture of it (`drawing`). Plain Python."""

from drugs.pathway.drawing import Picture, draw
from drugs.pathway.graph import Pathway, pathway

__all__ = ["Pathway", "Picture", "draw", "pathway"]
