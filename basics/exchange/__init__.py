"""Tables in and out: strict file formats, uploads that wait for a confirmation, and rows told by natural keys.

The machinery is django-import-export's; what stands here is what its defaults leave open (docs/decisions/0010).
"""
