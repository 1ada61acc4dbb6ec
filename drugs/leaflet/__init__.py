"""A page as a leaflet to print: what it says as a plain structure (blocks), and that structure as a tagged PDF."""
