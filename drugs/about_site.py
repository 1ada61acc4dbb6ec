"""The pages about the site itself: guides like any other, but for these few things. Plain Python.

The foot of every page leads to those that are live. They are not listed among the guides about drugs, and do not say
“Before you change anything”, because they speak of no treatment.
"""

# Lasting key → its name in the foot of every page, in this order.
ABOUT_THE_SITE = {
    "guide/how-we-write-and-review": "How we write and review",
    "guide/corrections": "Corrections",
    "guide/accessibility": "Accessibility",
    "guide/privacy": "Privacy",
}
