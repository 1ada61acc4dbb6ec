"""The whole public site as files for a plain web server, for the day the database is down (docs/decisions/0031-static-copy.md).

A copy begins at the home page, at the files that programs ask for and at every address that a public page ever had, and
follows the links. What needs somebody to answer (search, another day, feedback, the API) is replaced by a page that says so.
"""

from sarcoma_site.static_copy.kept import NotOurs
from sarcoma_site.static_copy.making import Broken, Made, make

__all__ = ["Broken", "Made", "NotOurs", "make"]
